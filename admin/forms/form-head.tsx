import { Button } from "@mui/material";
import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { HelpLink } from "../help/help-link";
import { FocusProblem } from "./focus-problem";
import { NotSaved } from "./not-saved";
import { SaveButton } from "./save-button";

interface FormHeadProps {
  title: string;
  /** The resource; its list is where one goes who does not save. */
  resource: string;
  /** Beside the title. */
  children?: ReactNode;
}

/** What is edited, and the way to save it, always in view. */
export function FormHead({ title, resource, children }: FormHeadProps) {
  const translate = useTranslate();
  return (
    <div className="page-head form-head">
      <h1 className="cut">{title}</h1>
      {children}
      <span className="spring" />
      <HelpLink screen={resource} />
      <Button component={Link} to={`/${resource}`}>
        {translate("waypost.form.cancel")}
      </Button>
      <SaveButton />
      <NotSaved />
      <FocusProblem />
    </div>
  );
}
