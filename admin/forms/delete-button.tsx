import { Button } from "@mui/material";
import { useEffect, useRef, useState } from "react";
import { type HttpError, useDelete, useNotify, useTranslate } from "react-admin";
import { type Row } from "../cells/cell";
import { ActButton } from "../layout/act-button";
import { type Resource } from "../schema/resources";
import { DeletedNote } from "./deleted-note";
import "./delete.css";

interface DeleteProps {
  resource: Resource;
  row: Row;
  /** After the row is gone, with everything shown up to date. */
  onDone: () => void;
}

/**
 * Deletes one of a resource, once it is confirmed. The question stands in the button's own place and names what breaks;
 * what can be restored offers so right after, and what cannot says that beforehand.
 */
export function DeleteButton({ resource, row, onDone }: DeleteProps) {
  const translate = useTranslate();
  const [isAsking, setAsking] = useState(false);
  if (!resource.remove || row.deleted) return null;
  if (isAsking) return <Question resource={resource} row={row} onDone={onDone} onCancel={() => setAsking(false)} />;
  return (
    <Button variant="outlined" className="danger" onClick={() => setAsking(true)}>
      {translate("waypost.delete.do")}
    </Button>
  );
}

function Question({ resource, row, onDone, onCancel }: DeleteProps & { onCancel: () => void }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [remove, { isPending, error }] = useDelete<Row & { id: string }, HttpError>();
  const question = useRef<HTMLDivElement>(null);
  useEffect(() => question.current?.focus(), []);
  const name = String(row.name ?? row.id);
  const id = String(row.id);

  function confirm() {
    remove(
      resource.name,
      { id, previousData: { ...row, id } },
      {
        onSuccess: () => {
          notify(<DeletedNote resource={resource} row={row} />, { autoHideDuration: 10_000 });
          onDone();
        },
      },
    );
  }
  return (
    <div
      ref={question}
      role="alertdialog"
      aria-label={translate("waypost.delete.ask", { name })}
      tabIndex={-1}
      className="delete-question"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <p className="strong">{translate("waypost.delete.ask", { name })}</p>
      <p>{resource.remove?.help}</p>
      <p>{translate(resource.restore ? "waypost.delete.comesBack" : "waypost.delete.forGood")}</p>
      {error && (
        <p role="alert" className="bad-text">
          {translate(error.message, { _: error.message })}
        </p>
      )}
      <div className="delete-answers">
        <ActButton variant="contained" className="danger" isBusy={isPending} onClick={confirm}>
          {translate("waypost.delete.confirm")}
        </ActButton>
        <Button onClick={onCancel}>{translate("waypost.form.cancel")}</Button>
      </div>
    </div>
  );
}
