import { useRecordContext, useTranslate } from "react-admin";
import { Cell } from "../cells/cell";
import { DeleteButton } from "../forms/delete-button";
import { FieldInput } from "../forms/field-input";
import { fieldsOf } from "../forms/fields-of";
import { type Flow, type FlowInput } from "../generated/types";
import { type Change, type Field, type Resource } from "../schema/resources";
import { GoalRows } from "./goal-rows";
import { PathRows } from "./path-rows";
import { TagFields } from "./tag-fields";

const isTag = ({ name }: Field) => name.startsWith("default");
const always = (field: Field): Field => ({ ...field, required: true });

interface FlowCardsProps {
  resource: Resource;
  change: Change;
  /** After the flow was deleted. */
  onGone: () => void;
}

/** What is edited often on the left, the flow itself on the right. */
export function FlowCards({ resource, change, onGone }: FlowCardsProps) {
  const translate = useTranslate();
  const flow = useRecordContext<Flow>();
  const { name, key, status, paths, goals, others } = fieldsOf<FlowInput>(change.fields)(
    "name",
    "key",
    "status",
    "paths",
    "goals",
  );
  return (
    <div className="flow-columns">
      <div className="flow-main">
        <PathRows field={paths} />
        <GoalRows field={goals} />
      </div>
      <div className="flow-side">
        <section className="card fields">
          <h2>{translate("waypost.flow.title")}</h2>
          {flow && <Links resource={resource} flow={flow} />}
          <FieldInput field={always(name)} />
          {!flow && <FieldInput field={key} placeholder={translate("waypost.flow.keyMade")} />}
          <FieldInput field={always(status)} />
          {others
            .filter((field) => !isTag(field))
            .map((field) => (
              <FieldInput key={field.name} field={field} />
            ))}
          <TagFields fields={others.filter(isTag)} />
        </section>
        {flow && <DeleteButton resource={resource} row={{ ...flow }} onDone={onGone} />}
      </div>
    </div>
  );
}

/** What is fixed once the flow is made: its tracking URL, and the key in it. */
function Links({ resource, flow }: { resource: Resource; flow: Flow }) {
  const fixed: readonly (keyof Flow)[] = ["trackingUrl", "key"];
  return (
    <dl className="fixed copy-shown">
      {resource.columns
        .filter(({ name }) => fixed.includes(name as keyof Flow))
        .map((field) => (
          <div key={field.name} title={field.help}>
            <dt>{field.label}</dt>
            <dd>
              <Cell field={field} row={{ ...flow }} whole />
            </dd>
          </div>
        ))}
    </dl>
  );
}
