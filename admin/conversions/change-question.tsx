import { Button, TextField } from "@mui/material";
import { type FormEvent, useState } from "react";
import { useTranslate } from "react-admin";
import { type ConversionStatus } from "../generated/types";
import { type Selection } from "../lists/selection";
import { counted } from "../lists/selection-bar";
import { useChangeStatus } from "./use-change-status";
import "./conversions.css";

/** So long a note may be; the server says the same. */
const NOTE_MAX = 500;

interface ChangeQuestionProps {
  selection: Selection;
  status: ConversionStatus;
  onDone: () => void;
  onCancel: () => void;
  /** When there are others than were counted. */
  onStale?: () => void;
}

/** Asks, with their number, whether conversions are to have another status, and why. */
export function ChangeQuestion({ selection, status, onDone, onCancel, onStale }: ChangeQuestionProps) {
  const translate = useTranslate();
  const [note, setNote] = useState("");
  const { change, isPending, problem } = useChangeStatus({ onDone, onStale });
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    change({ ...selection, status, note });
  };
  return (
    <form
      className="change-question"
      onSubmit={confirm}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <h2>{translate(`waypost.change.ask.${status}`, counted(selection.count))}</h2>
      <p>
        {translate(`waypost.change.means.${status}`)} {translate("waypost.change.later")}
      </p>
      <TextField
        label={translate("waypost.change.note")}
        helperText={translate("waypost.change.noteHelp")}
        value={note}
        onChange={({ target }) => setNote(target.value)}
        slotProps={{ htmlInput: { maxLength: NOTE_MAX } }}
        autoFocus
        fullWidth
      />
      {problem && (
        <p role="alert" className="bad-text">
          {problem}
        </p>
      )}
      <div className="change-answers">
        <Button type="submit" variant="contained" disabled={isPending}>
          {translate(`waypost.change.yes.${status}`)}
        </Button>
        <Button onClick={onCancel}>{translate("waypost.form.cancel")}</Button>
      </div>
    </form>
  );
}
