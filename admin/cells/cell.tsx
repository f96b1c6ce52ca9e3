import { type ComponentType } from "react";
import { useTranslate } from "react-admin";
import { type Field, type Kind } from "../schema/resources";
import { AnswerCell } from "./answer";
import { CopyButton } from "./copy-button";
import { CountryCell } from "./country";
import { HashCell } from "./hash";
import { InstantCell } from "./instant";
import { MoneyCell } from "./money";
import { ReferenceCell } from "./reference";
import { StatusChip, stateOf } from "./status";
import "./cells.css";

export type Row = Record<string, unknown>;

/** What a cell gets: a value that is there, the field it is of, the row around it, and whether there is room for all of it. */
export interface CellProps {
  value: unknown;
  field: Field;
  row: Row;
  /** In a drawer: whole, not cut. */
  whole?: boolean;
}

/** How each kind of value looks. A kind without a renderer does not compile. */
const cells: Record<Kind, ComponentType<CellProps>> = {
  TEXT: ({ value, field, whole }) => (
    <Cut text={String(value)} whole={whole} className={field.name === "name" ? "name" : "ink2"} />
  ),
  NUMBER: ({ value }) => <span className="num">{Number(value).toLocaleString("en")}</span>,
  FLAG: ({ value }) => <span>{useTranslate()(value ? "ra.boolean.true" : "ra.boolean.false")}</span>,
  ENUM: ({ value, row }) => <StatusChip word={stateOf(row, String(value))} />,
  INSTANT: InstantCell,
  MONEY: MoneyCell,
  JSON: ({ value, whole }) =>
    whole ? <pre className="json">{JSON.stringify(value, null, 2)}</pre> : <span>{countOf(value)}</span>,
  LIST: ({ value }) => <span className="num">{countOf(value)}</span>,
  REFERENCE: ReferenceCell,
  HASH: HashCell,
  CODE: ({ value, whole }) => (
    <span className="with-copy">
      <Cut text={String(value)} whole={whole} className="mono" />
      <CopyButton text={String(value)} />
    </span>
  ),
  COUNTRY: CountryCell,
  URL: ({ value, whole }) => <UrlCell url={String(value)} whole={whole} />,
  IP: ({ value, whole }) => <Cut text={String(value)} whole={whole} className="mono ink2" />,
  ANSWER: AnswerCell,
};

/**
 * How wide a column of each kind is in a list, in pixels, its padding included: what such a value needs, or as much of a text
 * as tells rows apart. The whole of a list's own columns fits a window of 1366 px.
 */
const widths: Record<Kind, number> = {
  TEXT: 100,
  NUMBER: 90,
  FLAG: 96,
  ENUM: 112,
  INSTANT: 138,
  MONEY: 140,
  JSON: 90,
  LIST: 70,
  REFERENCE: 150,
  HASH: 140,
  CODE: 100,
  COUNTRY: 130,
  URL: 136,
  IP: 142,
  ANSWER: 68,
};

export function widthOf({ kind, view }: Field): number {
  return view.width ?? widths[kind];
}

/** Kinds whose values stand to the right, so that digits align. */
export const numericKinds: ReadonlySet<Kind> = new Set<Kind>(["NUMBER", "MONEY"]);

/** One value as its kind looks; a missing one as the schema says, or a dash. */
export function Cell({ field, row, whole }: { field: Field; row: Row; whole?: boolean }) {
  const value = row[field.name];
  if (value == null || value === "") return <Nothing of={field} />;
  const Kinded = cells[field.kind];
  return <Kinded value={value} field={field} row={row} whole={whole} />;
}

/** What stands where there is no value. */
export function Nothing({ of: field }: { of?: Field }) {
  const translate = useTranslate();
  const word = field?.kind === "COUNTRY" ? "unknown" : "none";
  return <span className="ink3">{field?.view.none ?? translate(`waypost.value.${word}`)}</span>;
}

function Cut({ text, whole, className }: { text: string; whole?: boolean; className: string }) {
  return whole ? (
    <span className={`${className} whole`}>{text}</span>
  ) : (
    <span className={`${className} cut`} title={text}>
      {text}
    </span>
  );
}

/** Host in ink, the rest behind it, as text: what others sent is not made clickable. A URL is there to be copied. */
function UrlCell({ url, whole }: { url: string; whole?: boolean }) {
  const [, scheme = "", host = url, rest = ""] = /^(https?:\/\/)?([^/?#]*)(.*)$/s.exec(url) ?? [];
  return (
    <span className="with-copy copy-shown">
      <span className={whole ? "whole" : "cut"} title={whole ? undefined : url}>
        {whole && <span className="ink3">{scheme}</span>}
        {host}
        <span className="ink3">{rest}</span>
      </span>
      <CopyButton text={url} />
    </span>
  );
}

function countOf(value: unknown): string {
  const count = Array.isArray(value)
    ? value.length
    : typeof value === "object" && value
      ? Object.keys(value).length
      : 1;
  return String(count);
}
