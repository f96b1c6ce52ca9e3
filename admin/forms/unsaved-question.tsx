import { Button } from "@mui/material";
import { useEffect } from "react";
import { useTranslate } from "react-admin";
import { useFormState } from "react-hook-form";
import { useBlocker } from "react-router-dom";
import { Modal } from "../layout/modal";
import "../layout/question.css";

/**
 * Asks before somebody leaves what he has typed and not saved. Who leaves while it is being saved waits for what becomes of it.
 * To one who closes the tab only the browser itself can say so.
 */
export function UnsavedQuestion() {
  const translate = useTranslate();
  const { dirtyFields, isSubmitting, isSubmitSuccessful } = useFormState();
  const isUnsaved = Object.keys(dirtyFields).length > 0 && !isSubmitSuccessful;
  const { state, proceed, reset } = useBlocker(
    ({ currentLocation, nextLocation }) => isUnsaved && currentLocation.pathname !== nextLocation.pathname,
  );
  const isAsked = state === "blocked";
  useEffect(() => {
    if (isAsked && !isUnsaved) proceed?.();
  }, [isAsked, isUnsaved, proceed]);
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isUnsaved]);
  if (!isAsked || !isUnsaved || isSubmitting) return null;
  return (
    <Modal label={translate("waypost.unsaved.title")} close={() => reset?.()}>
      <div className="question">
        <h2>{translate("waypost.unsaved.title")}</h2>
        <p>{translate("waypost.unsaved.text")}</p>
        <div className="question-answers">
          <Button variant="contained" onClick={() => reset?.()}>
            {translate("waypost.unsaved.stay")}
          </Button>
          <Button onClick={() => proceed?.()}>{translate("waypost.unsaved.leave")}</Button>
        </div>
      </div>
    </Modal>
  );
}
