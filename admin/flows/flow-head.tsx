import { Button } from "@mui/material";
import { SaveButton, useRecordContext, useTranslate } from "react-admin";
import { useFormContext } from "react-hook-form";
import { Link } from "react-router-dom";
import { StatusChip } from "../cells/status";
import { FocusProblem } from "../forms/focus-problem";
import { type Flow } from "../generated/types";
import { HelpLink } from "../help/help-link";

/** What is edited, and the way to save it, always in view. */
export function FlowHead() {
  const translate = useTranslate();
  const flow = useRecordContext<Flow>();
  const { clearErrors } = useFormContext();
  return (
    <div className="page-head form-head">
      <h1 className="cut">{flow?.name ?? translate("waypost.flow.new")}</h1>
      {flow && <StatusChip word={flow.status} />}
      <span className="spring" />
      <HelpLink screen="flows" />
      <Button component={Link} to="/flows">
        {translate("waypost.form.cancel")}
      </Button>
      {/* What the server refused before is asked anew: an answer that no field shows would otherwise stand for ever. */}
      <SaveButton alwaysEnable label="waypost.form.save" icon={<span />} onClick={() => clearErrors()} />
      <FocusProblem />
    </div>
  );
}
