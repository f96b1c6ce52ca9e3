import { Button } from "@mui/material";
import { useEffect } from "react";
import { useListContext, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { Icon } from "../layout/icons";
import { type Resource } from "../schema/resources";
import { ExamplePostback } from "./example-postback";
import { TrackingUrl } from "./tracking-url";
import { useFirstSteps } from "./use-first-steps";

/** Lists that fill by themselves as soon as somebody visits a tracking URL or sends a postback. */
const facts = ["clicks", "conversions", "postbackLogs"];

/** A list without anything in it: why, and what makes its first entry. */
export function NothingYet({ resource: { name, create } }: { resource: Resource }) {
  const translate = useTranslate();
  return (
    <div className="empty" data-empty={name}>
      <p className="strong">{translate(`waypost.empty.${name}.title`, { _: translate("waypost.list.nothing") })}</p>
      <p className="ink2">{translate(`waypost.empty.${name}.next`, { _: "" })}</p>
      {create && (
        <Button component={Link} to={`/${name}/create`} variant="contained" startIcon={<Icon name="plus" />}>
          {translate("waypost.list.create")}
        </Button>
      )}
      {facts.includes(name) && <FirstFact name={name} />}
    </div>
  );
}

/** The URL that makes the first click, or the postback that makes the first conversion. What arrives appears by itself. */
function FirstFact({ name }: { name: string }) {
  const translate = useTranslate();
  const { refetch } = useListContext();
  const { data: steps } = useFirstSteps();
  const arrived = { clicks: steps?.clicks.totalCount, conversions: steps?.conversions.totalCount }[name] ?? 0;
  useEffect(() => {
    if (arrived > 0) refetch();
  }, [arrived, refetch]);
  if (!steps) return null;
  if (name === "clicks") return <TrackingUrl steps={steps} />;
  const click = steps.clicks.items[0]?.id;
  return (
    <>
      <ExamplePostback postbackKey={steps.postbackKeys.items[0]} click={click} onSent={refetch} />
      {!click && (
        <p className="ink3">
          {translate("waypost.empty.clickMacro")} <Link to="/clicks">{translate("waypost.empty.toClicks")}</Link>
        </p>
      )}
    </>
  );
}
