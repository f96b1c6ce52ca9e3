import { TextField } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { type ConversionStatus } from "../generated/types";
import { Question } from "../layout/question";
import { type Selection } from "../lists/selection";
import { counted } from "../lists/selection-bar";
import { useChangeStatus } from "./use-change-status";
import "./conversions.css";

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
  const { filter, count: expected } = selection;
  const { act, isPending, problem } = useChangeStatus({ onDone, onStale });
  return (
    <Question
      title={translate(`waypost.change.ask.${status}`, counted(expected))}
      yes={translate(`waypost.change.yes.${status}`)}
      problem={problem}
      isBusy={isPending}
      onYes={() => act({ filter, expected, status, note })}
      onCancel={onCancel}
    >
      <p>
        {translate(`waypost.change.means.${status}`)} {translate("waypost.change.later")}
      </p>
      <TextField
        label={translate("waypost.change.note")}
        helperText={translate("waypost.change.noteHelp")}
        value={note}
        onChange={({ target }) => setNote(target.value)}
        autoFocus
        fullWidth
      />
    </Question>
  );
}
