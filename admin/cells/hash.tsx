import { type CellProps } from "./cell";
import { CopyButton } from "./copy-button";

/** Whether a text can be a click hash. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text.trim());
}

/** The click hash that a text begins with where something is attached to it, as some networks send it; null: none. */
export function hashWithTail(text: string): string | null {
  return /^([0-9a-f]{32})_./i.exec(text.trim())?.[1]?.toLowerCase() ?? null;
}

/** When what has this click hash, or this id of a postback or conversion, came to be, in Unix milliseconds: they begin with it. */
export function madeAt(hash: string): number {
  return Number.parseInt(hash.slice(0, 12), 16);
}

/** A click hash: its head is the time and alike in all rows, its tail tells it apart. What cannot be one is shown as sent. */
export function HashCell({ value, whole }: CellProps) {
  const hash = String(value);
  const isOne = isHash(hash);
  const shown = whole || !isOne ? hash : `${hash.slice(0, 4)}…${hash.slice(-8)}`;
  return (
    <span className="with-copy">
      <span className={`mono ${isOne ? "" : "bad-text"} ${whole ? "whole" : "cut"}`} title={whole ? undefined : hash}>
        {isOne && !whole ? (
          <>
            <span className="ink3">{shown.slice(0, 5)}</span>
            {shown.slice(5)}
          </>
        ) : (
          shown
        )}
      </span>
      <CopyButton text={hash} />
    </span>
  );
}
