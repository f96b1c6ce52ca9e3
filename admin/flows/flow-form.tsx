import { CreateBase, useRecordContext, useTranslate } from "react-admin";
import { useParams } from "react-router-dom";
import { StatusChip, stateOf } from "../cells/status";
import { EntityForm } from "../forms/entity-form";
import { fieldsOf, newItem } from "../forms/fields-of";
import { FormHead } from "../forms/form-head";
import { OldOne } from "../forms/old-one";
import { RestoreButton } from "../forms/restore-button";
import { useLeave } from "../forms/use-leave";
import { type Flow, type FlowInput } from "../generated/types";
import { type Change, type Resource } from "../schema/resources";
import { resources } from "../schema/waypost";
import { FlowCards } from "./flow-cards";
import "./flows.css";

const flows = resources.find(({ type }) => type === ("Flow" satisfies Flow["__typename"])) as Resource;

/** A flow with its paths and goals: made, and then shown with its tracking URL; or changed. */
export function FlowForm() {
  const { id } = useParams();
  if (id === undefined) {
    return (
      <CreateBase redirect="edit">
        <FlowFields change={flows.create as Change} />
      </CreateBase>
    );
  }
  return (
    <OldOne resource={flows}>
      <FlowFields change={flows.update as Change} />
    </OldOne>
  );
}

function FlowFields({ change }: { change: Change }) {
  const translate = useTranslate();
  const flow = useRecordContext<Flow>();
  const [isGone, leave] = useLeave(flows.name);
  const isNew = change === flows.create;
  return (
    <EntityForm
      resource={flows}
      change={change}
      className="form-page wide"
      isGone={isGone}
      defaultValues={isNew ? startOf(change) : undefined}
    >
      <FormHead title={flow?.name ?? translate("waypost.flow.new")} resource={flows.name}>
        {flow && <StatusChip word={stateOf({ ...flow }, flow.status)} />}
      </FormHead>
      {flow?.deleted && (
        <div className="notice" role="status">
          <span>{translate("waypost.flow.deleted")}</span>
          <RestoreButton resource={flows} row={{ ...flow }} />
        </div>
      )}
      <FlowCards resource={flows} change={change} onGone={leave} />
    </EntityForm>
  );
}

/** A new flow takes clicks at once, and wants a path to send them to. */
function startOf({ fields }: Change): Partial<FlowInput> {
  const { paths } = fieldsOf<FlowInput>(fields)("paths");
  return { status: "ACTIVE", paths: [newItem(paths.fields) as never], goals: [] };
}
