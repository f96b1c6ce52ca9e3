import { type MigrationStep } from "../kit/migrate.js";

type Kind = "mysql" | "sqlite";

/** Where amounts are, and how many of the smaller unit make one of the larger. */
const amounts = ["goal", "conversion", "conversion_change"];
const FINER = 10_000;
/** Counters of sums. A part of a sum was 1,000 whole ones of the currency, and is one of them. */
const counters = [[], ["flow_id"], ["flow_id", "goal"], ["goal"]].map((by) =>
  ["conversion_count", ...(by.length > 0 ? ["by", ...by] : [])].join("_"),
);
const PART = 1000;

const divide = { mysql: "div", sqlite: "/" };

/** MySQL sets one column after the other: what is read of another must be read before that is set. */
const toHundredMillionths = (kind: Kind, table: string) =>
  `update ${table} set revenue_whole = revenue_whole * ${PART} + revenue ${divide[kind]} ${FINER}, revenue = revenue % ${FINER} * ${FINER}`;
const toTenThousandths = (kind: Kind, table: string) =>
  `update ${table} set revenue = revenue_whole % ${PART} * ${FINER} + revenue ${divide[kind]} ${FINER}, revenue_whole = revenue_whole ${divide[kind]} ${PART}`;

/**
 * The other name of a counter's column keeps out processes of the version before while they still run: whoever counts a
 * conversion writes it, so none is stored in the old unit.
 */
function rename(kind: Kind, table: string, from: string, to: string, comment: string): string {
  return kind === "mysql"
    ? `alter table ${table} change ${from} ${to} bigint not null default 0 comment '${comment}'`
    : `alter table ${table} rename column ${from} to ${to}`;
}

const up = (kind: Kind) => [
  ...counters.map((table) =>
    rename(kind, table, "revenue_units", "revenue_whole", "Whole ones of the currency that belong to the sum too."),
  ),
  ...amounts.map((table) => `update ${table} set revenue = revenue * ${FINER}`),
  ...counters.map((table) => toHundredMillionths(kind, table)),
];

/** What is finer than the larger unit is lost. */
const down = (kind: Kind) => [
  ...counters.map((table) => toTenThousandths(kind, table)),
  ...amounts.map((table) => `update ${table} set revenue = revenue ${divide[kind]} ${FINER}`),
  ...counters.map((table) =>
    rename(
      kind,
      table,
      "revenue_whole",
      "revenue_units",
      "Ten millions of the smallest unit that belong to the sum too.",
    ),
  ),
];

export const countMoneyInHundredMillionths: MigrationStep = {
  name: "2026-11-30-1730-count-money-in-hundred-millionths",
  up: { mysql: up("mysql"), sqlite: up("sqlite") },
  down: { mysql: down("mysql"), sqlite: down("sqlite") },
};
