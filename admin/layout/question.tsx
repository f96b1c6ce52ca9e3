import { Button } from "@mui/material";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { useTranslate } from "react-admin";
import { ActButton } from "./act-button";
import "./question.css";

interface QuestionProps {
  title: string;
  /** What is asked about, in words. */
  children: ReactNode;
  /** Why it did not work. */
  problem: string | null;
  /** What the button says that does it; none: there is nothing to do. */
  yes: string | null;
  /** Whether it is being done. */
  isBusy: boolean;
  /** Whether the button has the focus, where there is nothing to fill in before. */
  isFocused?: boolean;
  /** Whether something may be lost by it: then the focus is on the way out, so that a second Enter does nothing. */
  isGrave?: boolean;
  onYes: () => void;
  onCancel: () => void;
}

/** Asks before something is done: in the place of the button that began it, or in a modal. Escape leaves it. */
export function Question({
  title,
  children,
  problem,
  yes,
  isBusy,
  isFocused,
  isGrave,
  onYes,
  onCancel,
}: QuestionProps) {
  const translate = useTranslate();
  const cancel = useRef<HTMLButtonElement>(null);
  // After a modal around it has opened and has put the focus on the first button.
  useEffect(() => {
    if (isGrave) cancel.current?.focus();
  }, [isGrave]);
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) onYes();
  };
  return (
    <form
      className="question"
      onSubmit={confirm}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <h2>{title}</h2>
      {children}
      {problem && (
        <p role="alert" className="bad-text">
          {problem}
        </p>
      )}
      <div className="question-answers">
        {yes && (
          <ActButton
            type="submit"
            variant="contained"
            className={isGrave ? "danger" : undefined}
            isBusy={isBusy}
            autoFocus={isFocused}
          >
            {yes}
          </ActButton>
        )}
        <Button ref={cancel} onClick={onCancel}>
          {translate("waypost.form.cancel")}
        </Button>
      </div>
    </form>
  );
}
