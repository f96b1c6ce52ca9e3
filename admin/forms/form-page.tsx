import { Button } from "@mui/material";
import {
  Create,
  Edit,
  type Identifier,
  SaveButton,
  SimpleForm,
  Toolbar,
  useRecordContext,
  useRedirect,
  useTranslate,
} from "react-admin";
import { Link } from "react-router-dom";
import { HelpLink } from "../help/help-link";
import { type Change, type Resource } from "../schema/resources";
import { DeleteButton } from "./delete-button";
import { FieldInput } from "./field-input";
import { KEEP_TYPED, useFormQuery } from "./use-form-query";
import "./forms.css";

/** The page that creates one of a resource: a form from the mutation's input type. */
export function CreatePage({ resource, change }: { resource: Resource; change: Change }) {
  return (
    <Create redirect={(_, id) => afterwards(resource, id)} title={false} component="div" className="form-page">
      <FormBody resource={resource} change={change} />
    </Create>
  );
}

/** Where one is looked at that has just been made: in its drawer; what can be changed later is found in its list. */
function afterwards({ name, update, one }: Resource, id: Identifier | undefined): string {
  return update || !one ? name : `${name}?view=${id}`;
}

/** The page that changes one. */
export function EditPage({ resource, change }: { resource: Resource; change: Change }) {
  return (
    <Edit
      mutationMode="pessimistic"
      redirect="list"
      queryOptions={useFormQuery()}
      title={false}
      actions={false}
      component="div"
      className="form-page"
    >
      <FormBody resource={resource} change={change} />
      <DeleteRecord resource={resource} />
    </Edit>
  );
}

function DeleteRecord({ resource }: { resource: Resource }) {
  const redirect = useRedirect();
  const row = useRecordContext();
  return row ? <DeleteButton resource={resource} row={row} onDone={() => redirect("list", resource.name)} /> : null;
}

function FormBody({ resource, change }: { resource: Resource; change: Change }) {
  const translate = useTranslate();
  return (
    <>
      <div className="page-head">
        <h1>{translate(`waypost.one.${resource.name}`, { _: resource.type })}</h1>
        <span className="spring" />
        <HelpLink screen={resource.name} />
      </div>
      <SimpleForm
        className="card"
        resetOptions={KEEP_TYPED}
        toolbar={
          <Toolbar className="form-bar">
            <SaveButton alwaysEnable label="waypost.form.save" icon={false as never} />
            <Button component={Link} to={`/${resource.name}`}>
              {translate("waypost.form.cancel")}
            </Button>
          </Toolbar>
        }
      >
        {change.fields.map((field) => (
          <FieldInput key={field.name} field={field} />
        ))}
      </SimpleForm>
    </>
  );
}
