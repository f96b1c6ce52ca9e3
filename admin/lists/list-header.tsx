import { Button } from "@mui/material";
import { ColumnsButton, useListContext, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { HelpLink } from "../help/help-link";
import { Icon } from "../layout/icons";
import { type Resource } from "../schema/resources";
import { useTitles } from "../schema/title";

/** Title, exact total, columns and the main button. */
export function ListHeader({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const titleOf = useTitles();
  const { total } = useListContext();
  return (
    <div className="page-head">
      <h1>{titleOf(resource.name)}</h1>
      <span className="ink3 num total" aria-live="polite">
        {total?.toLocaleString("en") ?? ""}
      </span>
      <span className="spring" />
      <HelpLink screen={resource.name} />
      <span className="desk-only">
        <ColumnsButton variant="outlined" />
      </span>
      {resource.create && (
        <Button component={Link} to={`/${resource.name}/create`} variant="contained" startIcon={<Icon name="plus" />}>
          {translate("waypost.list.create")}
        </Button>
      )}
    </div>
  );
}
