import { type MigrationStep } from "../kit/migrate.js";

/** What each table of counters is by. */
const ways = [[], ["flow_id"], ["goal"], ["flow_id", "goal"]];
const tableOf = (by: string[]) => ["conversion_count", ...(by.length > 0 ? ["by", ...by] : [])].join("_");
const columnsOf = (by: string[], change: string[]) => [
  ...by,
  "span",
  ...change,
  "start",
  "status",
  "other",
  "currency",
  "writer",
];
const keyOf = (by: string[], change: string[]) => `primary key (${columnsOf(by, change).join(", ")})`;

const types: Record<string, string> = { flow_id: "integer", span: "integer", changed: "integer", start: "integer" };
const typeOf = (column: string) => types[column] ?? (["other", "writer"].includes(column) ? "integer" : "text");

/** The moment in an id, in days, as minutes since 1970. SQLite reads hexadecimal only as JSON5. */
const dayOf = {
  mysql: (id: string) => `conv(hex(left(${id}, 6)), 16, 10) div 86400000 * 1440`,
  sqlite: (id: string) => `json_extract('0x' || hex(substr(${id}, 1, 6)), '$') / 86400000 * 1440`,
};

/** Counts the days of each day of the last change from the facts. */
function fill(kind: "mysql" | "sqlite", by: string[]): string {
  const divide = kind === "mysql" ? "div" : "/";
  const groups = [...by, "changed", "start", "status", "other", "currency"].join(", ");
  const present = by.length > 0 ? ` where ${by.map((column) => `${column} is not null`).join(" and ")}` : "";
  const days = `updated_at ${divide} 86400000 * 1440 as changed, ${dayOf[kind]("first_postback_id")} as start`;
  return `insert into ${tableOf(by)} (${groups}, span, writer, n, revenue, revenue_units)
    select ${groups}, 1440, 0, count(*), sum(revenue % 10000000), sum(revenue ${divide} 10000000)
    from (select ${[...by, days].join(", ")}, status, other, currency, revenue from conversion${present}) as days group by ${groups}`;
}

/** SQLite makes the table anew: a key cannot be changed. */
function rebuild(by: string[], change: string[], copy: string): string[] {
  const [table, columns] = [tableOf(by), columnsOf(by, change)];
  const types = [...columns.map((column) => `${column} ${typeOf(column)} not null`), "n integer not null"].map(
    (type) => (type.startsWith("changed ") ? `${type} default 0` : type),
  );
  const sums = ["revenue integer not null", "revenue_units integer not null default 0"];
  const all = [...columns, "n", "revenue", "revenue_units"].join(", ");
  return [
    `alter table ${table} rename to ${table}_old`,
    `create table ${table} (${[...types, ...sums, keyOf(by, change)].join(", ")}) without rowid`,
    `insert into ${table} (${all}) select ${all.replace("changed", copy)} from ${table}_old`,
    `drop table ${table}_old`,
  ];
}

const COMMENT = "Where the day of updatedAt begins that it is of, in minutes since 1970; 0: of all days.";
const forget = (by: string[]) => `delete from ${tableOf(by)} where changed <> 0`;

export const countByWhenConversionsWereChanged: MigrationStep = {
  name: "2026-11-28-0703-count-by-when-conversions-were-changed",
  up: {
    mysql: ways.flatMap((by) => [
      `alter table ${tableOf(by)} drop primary key, add changed int unsigned not null default 0 comment '${COMMENT}', add ${keyOf(by, ["changed"])}`,
      fill("mysql", by),
    ]),
    sqlite: ways.flatMap((by) => [...rebuild(by, ["changed"], "0"), fill("sqlite", by)]),
  },
  down: {
    mysql: ways.flatMap((by) => [
      forget(by),
      `alter table ${tableOf(by)} drop primary key, drop column changed, add ${keyOf(by, [])}`,
    ]),
    sqlite: ways.flatMap((by) => [forget(by), ...rebuild(by, [], "")]),
  },
};
