import { useTranslate } from "react-admin";
import { useFormContext, useFormState } from "react-hook-form";
import { ActButton } from "../layout/act-button";

/** Saves the form around. */
export function SaveButton() {
  const translate = useTranslate();
  const { clearErrors } = useFormContext();
  const { isSubmitting } = useFormState();
  // What the server refused before is asked anew: an answer that no field shows would otherwise stand for ever.
  return (
    <ActButton type="submit" variant="contained" isBusy={isSubmitting} onClick={() => clearErrors()}>
      {translate("waypost.form.save")}
    </ActButton>
  );
}
