import { Button } from "@mui/material";
import { type FormEvent, type ReactNode } from "react";
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
  onYes: () => void;
  onCancel: () => void;
}

/** Asks before something is done: in the place of the button that began it, or in a modal. Escape leaves it. */
export function Question({ title, children, problem, yes, isBusy, isFocused, onYes, onCancel }: QuestionProps) {
  const translate = useTranslate();
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
          <ActButton type="submit" variant="contained" isBusy={isBusy} autoFocus={isFocused}>
            {yes}
          </ActButton>
        )}
        <Button onClick={onCancel}>{translate("waypost.form.cancel")}</Button>
      </div>
    </form>
  );
}
