import { type CellProps } from "./cell";
import { CopyButton } from "./copy-button";

const HASH = /^[0-9a-f]{32}$/i;

/** A click hash: its head is the time and alike in all rows, its tail tells it apart. What cannot be one is shown as sent. */
export function HashCell({ value, whole }: CellProps) {
  const hash = String(value);
  const isHash = HASH.test(hash.trim());
  const shown = whole || !isHash ? hash : `${hash.slice(0, 4)}…${hash.slice(-8)}`;
  return (
    <span className="with-copy">
      <span className={`mono ${isHash ? "" : "bad-text"} ${whole ? "whole" : "cut"}`} title={whole ? undefined : hash}>
        {isHash && !whole ? (
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
