import { CreateBase, type Identifier, useRecordContext, useTranslate } from "react-admin";
import { type Change, type Resource } from "../schema/resources";
import { DeleteButton } from "./delete-button";
import { EntityForm } from "./entity-form";
import { FieldInput } from "./field-input";
import { FormHead } from "./form-head";
import { OldOne } from "./old-one";
import { useLeave } from "./use-leave";
import "./forms.css";

interface FormPageProps {
  resource: Resource;
  change: Change;
}

/** The page that creates one of a resource: a form from the mutation's input type. */
export function CreatePage({ resource, change }: FormPageProps) {
  return (
    <CreateBase redirect={(_, id) => afterwards(resource, id)}>
      <FormBody resource={resource} change={change} />
    </CreateBase>
  );
}

/** Where one is looked at that has just been made: in its drawer; what can be changed later is found in its list. */
function afterwards({ name, update, one }: Resource, id: Identifier | undefined): string {
  return update || !one ? name : `${name}?view=${id}`;
}

/** The page that changes one. */
export function EditPage({ resource, change }: FormPageProps) {
  return (
    <OldOne resource={resource}>
      <FormBody resource={resource} change={change} />
    </OldOne>
  );
}

function FormBody({ resource, change }: FormPageProps) {
  const translate = useTranslate();
  const row = useRecordContext();
  const [isGone, leave] = useLeave(resource.name);
  return (
    <EntityForm resource={resource} change={change} className="form-page" isGone={isGone}>
      <FormHead title={translate(`waypost.one.${resource.name}`, { _: resource.type })} resource={resource.name} />
      <section className="card fields">
        {change.fields.map((field) => (
          <FieldInput key={field.name} field={field} />
        ))}
      </section>
      {row && <DeleteButton resource={resource} row={row} onDone={leave} />}
    </EntityForm>
  );
}
