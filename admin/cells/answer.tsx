import { type CellProps } from "./cell";

/** The tone of an HTTP status: fine, to be looked at, bad. */
export function toneOf(status: number): "ok" | "wait" | "bad" {
  if (status < 400) return "ok";
  return status === 401 || status >= 500 ? "bad" : "wait";
}

export function AnswerCell({ value }: CellProps) {
  const status = Number(value);
  return <span className={`chip mono ${toneOf(status)}`}>{status}</span>;
}
