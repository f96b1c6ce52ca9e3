import { type CellProps } from "./cell";

/** The tone of an HTTP status: fine, to be looked at, bad. @param refused  whether what was accepted was refused later */
export function toneOf(status: number, refused = false): "ok" | "wait" | "bad" {
  if (status < 400) return refused ? "wait" : "ok";
  return status === 401 || status >= 500 ? "bad" : "wait";
}

export function AnswerCell({ value, row }: CellProps) {
  const status = Number(value);
  return <span className={`chip mono ${toneOf(status, row.refused === true)}`}>{status}</span>;
}
