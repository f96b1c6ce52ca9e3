import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { formatAmount, sizeOfAmount } from "../cells/amount";
import { type CurrencyAmount, type Dashboard } from "../generated/types";
import { listLink } from "../lists/list-link";
import { type Range } from "../zone/range";

/** A number of the day: what it counts, how much, what to know of it, and the list it is the total of. */
interface Tile {
  name: "clicks" | "conversions" | "revenue" | "flows";
  number: string;
  unit?: string;
  /** Beside the label. */
  more?: string;
  note: ReactNode;
  to: string;
}

/** The four numbers of the day. Each leads to the list that it counts. */
export function Tiles({ today }: { today: Dashboard | undefined }) {
  const translate = useTranslate();
  return (
    <div className="tiles" aria-busy={!today}>
      {today ? readTiles(today, translate).map((tile) => <TileLink key={tile.name} {...tile} />) : <Bones />}
    </div>
  );
}

function TileLink({ name, number, unit, more, note, to }: Tile) {
  const translate = useTranslate();
  return (
    <Link to={to} className="card tile" data-tile={name}>
      <span className="tile-label">
        {translate(`waypost.dashboard.${name}.label`)} {more && <span className="ink3 desk-only">{more}</span>}
      </span>
      <span className="tile-number num" title={number}>
        {number} {unit && <span className="tile-unit">{unit}</span>}
      </span>
      <span className="tile-note num">{note}</span>
    </Link>
  );
}

/** Four tiles of the same height, as long as there are no numbers yet. */
function Bones() {
  return ["clicks", "conversions", "revenue", "flows"].map((name) => (
    <div key={name} className="card tile">
      <span className="tile-label bone" />
      <span className="tile-number bone" />
      <span className="tile-note bone" />
    </div>
  ));
}

type Translate = ReturnType<typeof useTranslate>;

function readTiles(today: Dashboard, translate: Translate): Tile[] {
  const { clicksToday, conversionsToday, activeFlows, timeZone } = today;
  const range: Range = { zone: timeZone, word: "today" };
  const text = (name: string, values?: object) => translate(`waypost.dashboard.${name}`, values);
  return [
    {
      name: "clicks",
      number: count(clicksToday),
      note: text("clicks.note"),
      to: listLink("clicks", { range }),
    },
    {
      name: "conversions",
      number: count(conversionsToday),
      note: text("conversions.note", { cr: percent(conversionsToday, clicksToday) ?? translate("waypost.value.none") }),
      to: listLink("conversions", { range }),
    },
    {
      name: "revenue",
      ...revenueOf(largestFirst(today.revenueToday), text),
      to: listLink("conversions", { status: "APPROVED", range }),
    },
    {
      name: "flows",
      number: count(activeFlows),
      note: text("flows.note"),
      to: listLink("flows", { status: "ACTIVE" }),
    },
  ];
}

/** The largest currency as the number, the others below it: amounts of different currencies are never added up. */
function revenueOf(
  [first, ...others]: CurrencyAmount[],
  text: (name: string, values?: object) => string,
): Pick<Tile, "number" | "unit" | "more" | "note"> {
  if (!first) return { number: formatAmount("0"), note: text("revenue.note") };
  return {
    number: formatAmount(first.amount),
    unit: first.currency,
    more: others.length > 0 ? text("revenue.more", { smart_count: others.length }) : undefined,
    note:
      others.length > 0
        ? others.map((each, index) => <Amount key={each.currency} {...each} isLast={index === others.length - 1} />)
        : text("revenue.note"),
  };
}

/** One of several amounts: a line ends behind its dot, and none begins with one. */
function Amount({ amount, currency, isLast }: CurrencyAmount & { isLast: boolean }) {
  return (
    <>
      <span className="unbroken">
        {formatAmount(amount)} {currency}
        {!isLast && " ·"}
      </span>{" "}
    </>
  );
}

function largestFirst(amounts: readonly CurrencyAmount[]): CurrencyAmount[] {
  const size = ({ amount }: CurrencyAmount) => sizeOfAmount(amount);
  return [...amounts].sort((a, b) => (size(a) === size(b) ? 0 : size(a) > size(b) ? -1 : 1));
}

function count(value: number): string {
  return value.toLocaleString("en");
}

/** Null where there is nothing to be a part of. */
function percent(part: number, base: number): string | null {
  return base === 0 ? null : `${((100 * part) / base).toFixed(2)} %`;
}
