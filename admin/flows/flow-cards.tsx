import { useRecordContext, useTranslate } from "react-admin";
import { DeleteButton } from "../forms/delete-button";
import { FieldInput } from "../forms/field-input";
import { fieldsOf } from "../forms/fields-of";
import { Fixed } from "../forms/fixed";
import { type Flow, type FlowInput } from "../generated/types";
import { TrafficSourceChoice } from "../presets/traffic-source-choice";
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
    <div className="form-columns">
      <div className="form-main">
        <PathRows field={paths} />
        <GoalRows field={goals} />
        {flow && <TrafficSourceChoice flow={flow} />}
      </div>
      <div className="form-side">
        <section className="card fields">
          <h2>{translate("waypost.flow.title")}</h2>
          {flow && <Fixed<Flow> resource={resource} row={{ ...flow }} names={["trackingUrl", "key"]} />}
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
