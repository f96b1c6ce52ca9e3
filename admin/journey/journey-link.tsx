import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { journeyPath } from "./journey-path";

/** The way from an entry to all that happened to its click. */
export function JourneyLink({ click }: { click: string }) {
  const translate = useTranslate();
  return <Link to={journeyPath(click)}>{translate("waypost.journey.open")}</Link>;
}
