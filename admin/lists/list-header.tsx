import { Button, IconButton } from "@mui/material";
import { useListContext, useRefresh, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { HelpLink } from "../help/help-link";
import { Icon } from "../layout/icons";
import { overrideOf } from "../overrides";
import { type Resource } from "../schema/resources";
import { useTitles } from "../schema/title";
import { ColumnsButton } from "./columns-button";

/** Title, exact total, the way to the newest, the page beside the list, columns and the main button. */
export function ListHeader({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const titleOf = useTitles();
  const { total } = useListContext();
  const { beside } = overrideOf(resource.name);
  return (
    <div className="page-head">
      <h1>{titleOf(resource.name)}</h1>
      <span className="ink3 num total" aria-live="polite">
        {total?.toLocaleString("en") ?? ""}
      </span>
      <RefreshButton />
      <span className="spring" />
      <HelpLink screen={resource.name} />
      {beside && (
        <Button component={Link} to={beside.path} variant="outlined">
          {translate(beside.title)}
        </Button>
      )}
      <span className="desk-only">
        <ColumnsButton resource={resource} />
      </span>
      {resource.create && (
        <Button component={Link} to={`/${resource.name}/create`} variant="contained" startIcon={<Icon name="plus" />}>
          {translate("waypost.list.create")}
        </Button>
      )}
    </div>
  );
}

/** Asks anew for all that is on the screen: the rows, their total, and the entry that is open beside them. */
function RefreshButton() {
  const translate = useTranslate();
  const refresh = useRefresh();
  const label = translate("waypost.list.refresh");
  return (
    <IconButton aria-label={label} title={label} onClick={() => refresh()}>
      <Icon name="refresh" />
    </IconButton>
  );
}
