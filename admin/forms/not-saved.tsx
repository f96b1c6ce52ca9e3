import { useTranslate } from "react-admin";
import { useFormState } from "react-hook-form";

/** That the form around was not saved, and why; what is wrong in a field stands there. */
export function NotSaved() {
  const translate = useTranslate();
  const { errors, isSubmitted } = useFormState();
  const message = errors.root?.serverError?.message;
  const isRefused = isSubmitted && Object.keys(errors).length > 0;
  return (
    <div role="alert" className="not-saved">
      {isRefused && (
        <p className="bad-text">
          {typeof message === "string" ? translate(message, { _: message }) : translate("waypost.form.invalid")}
        </p>
      )}
    </div>
  );
}
