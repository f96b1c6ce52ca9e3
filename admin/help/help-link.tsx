import { IconButton } from "@mui/material";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { Icon } from "../layout/icons";
import { helpOf, helpPages, helpPath } from "./help-pages";

/** The question mark of a screen, `dashboard` or a resource: leads to what the help says of it, if it says something. */
export function HelpLink({ screen }: { screen: string }) {
  const translate = useTranslate();
  const place = Object.hasOwn(helpOf, screen) && helpOf[screen as keyof typeof helpOf];
  if (!place) return null;
  const label = translate("help.about", { title: helpPages.find(({ slug }) => slug === place.slug)?.title });
  return (
    <IconButton component={Link} to={helpPath(place)} aria-label={label} title={label}>
      <Icon name="help" />
    </IconButton>
  );
}
