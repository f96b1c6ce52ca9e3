import { type ReactNode } from "react";
import { EditBase, type HttpError, type RedirectionSideEffect, useEditContext, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { Trouble } from "../layout/trouble";
import { type Resource } from "../schema/resources";
import { useFormQuery } from "./use-form-query";

interface OldOneProps {
  resource: Resource;
  /** Where one goes who has saved. */
  redirect?: RedirectionSideEffect;
  children: ReactNode;
}

/** One of a resource that is there already, as the record around a form; or why it cannot be had. */
export function OldOne({ resource, redirect = "list", children }: OldOneProps) {
  // Whatever goes wrong with it, react-admin would say that it does not exist, and leave.
  const queryOptions = { ...useFormQuery(), onError: () => {} };
  return (
    <EditBase mutationMode="pessimistic" redirect={redirect} queryOptions={queryOptions}>
      <Whole resource={resource}>{children}</Whole>
    </EditBase>
  );
}

function Whole({ resource, children }: { resource: Resource; children: ReactNode }) {
  const translate = useTranslate();
  const { record, error, refetch } = useEditContext();
  if (resource.columns.every(({ name }) => record?.[name] !== undefined)) return children;
  if (!error) return <div aria-busy="true" />;
  return (
    <Trouble error={error} retry={(error as HttpError).status === 404 ? undefined : refetch}>
      <Link to={`/${resource.name}`}>{translate("waypost.form.toList")}</Link>
    </Trouble>
  );
}
