import { Button } from "@mui/material";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { UrlBox } from "./url-box";
import { type FirstSteps, openFlow } from "./use-first-steps";
import "./first-minute.css";

/** The tracking URL of the newest flow that takes clicks, to copy and to open; the reason where none does. */
export function TrackingUrl({ steps }: { steps: FirstSteps }) {
  const translate = useTranslate();
  const flow = openFlow(steps);
  const [newest] = steps.flows.items;
  if (!flow) {
    return (
      <p className="first-links">
        <span>{translate(newest ? "waypost.first.visit.closed" : "waypost.first.visit.none")}</span>
        <Link to={newest ? `/flows/${newest.id}` : "/flows/create"}>
          {newest?.name ?? translate("waypost.first.flow.do")}
        </Link>
      </p>
    );
  }
  return (
    <>
      <UrlBox url={flow.trackingUrl} copy={translate("waypost.first.visit.copy")}>
        <Button
          component="a"
          href={flow.trackingUrl}
          target="_blank"
          rel="noreferrer"
          variant="contained"
          className="url-do"
        >
          {translate("waypost.first.visit.do")}
        </Button>
      </UrlBox>
      <p className="ink3 small">{translate("waypost.first.visit.note", { flow: flow.name })}</p>
    </>
  );
}
