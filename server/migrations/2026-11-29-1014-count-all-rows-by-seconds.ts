import { type MigrationStep } from "../kit/migrate.js";

type Kind = "mysql" | "sqlite";

/** What is counted of a fact, and by what its tables are. */
interface Counting {
  noun: string;
  fact: string;
  key: string;
  by: string[][];
  within: string[];
  sums: string[];
  changed?: string;
}

const countings: Counting[] = [
  {
    noun: "Click",
    fact: "click",
    key: "id",
    by: [["flow_id"], ["country"], ["flow_id", "country"]],
    within: [],
    sums: [],
  },
  {
    noun: "Conversion",
    fact: "conversion",
    key: "first_postback_id",
    by: [["flow_id"], ["goal"], ["flow_id", "goal"]],
    within: ["status", "other", "currency"],
    sums: ["revenue"],
    changed: "updatedAt",
  },
  {
    noun: "PostbackLog",
    fact: "postback_log",
    key: "id",
    by: [["flow_id"], ["postback_key_id"], ["flow_id", "postback_key_id"]],
    within: ["status", "refused", "code", "warned"],
    sums: [],
  },
];

const MINUTE = 60;
const PROPERTIES: Record<string, string> = { flow_id: "flowId", postback_key_id: "postbackKeyId" };

/** The moment in an id, in seconds since 1970. SQLite reads hexadecimal only as JSON5. */
const secondOf = {
  mysql: (id: string) => `conv(hex(left(${id}, 6)), 16, 10) div 1000`,
  sqlite: (id: string) => `json_extract('0x' || hex(substr(${id}, 1, 6)), '$') / 1000`,
};

const tableOf = ({ fact }: Counting, by: string[]) =>
  [fact, "count", ...(by.length > 0 ? ["by", ...by] : [])].join("_");
const tablesOf = (counting: Counting) => [[], ...counting.by].map((by) => ({ by, table: tableOf(counting, by) }));

/** Turns minutes into seconds, or back. */
const scale = ({ changed }: Counting, table: string, operator: "*" | "/" | "div") =>
  `update ${table} set ${["span", "start", ...(changed ? ["changed"] : [])].map((column) => `${column} = ${column} ${operator} ${MINUTE}`).join(", ")}`;

/** What the columns say of themselves, on MySQL. */
function describe({ noun, changed }: Counting, by: string[], table: string, unit: "minutes" | "seconds"): string {
  const isNew = unit === "seconds";
  const [type, length] = isNew ? ["int", "of a day, a minute or a second"] : ["smallint", "a day or a minute"];
  const asked = by.length > 0 ? ` by ${by.map((column) => PROPERTIES[column] ?? column).join(" and ")}` : "";
  const parts = [
    `modify span ${type} unsigned not null comment 'Length in ${unit}: ${length}.'`,
    `modify start int unsigned not null comment 'Where it begins, in ${unit} since 1970.'`,
    ...(changed
      ? [
          `modify changed int unsigned not null default 0 comment 'Where the day of ${changed} begins that it is of, in ${unit} since 1970; 0: of all days.'`,
        ]
      : []),
    `comment = 'How many rows of ${noun} there are${asked}, for each day and ${isNew ? "shorter time" : "minute"}.'`,
  ];
  return `alter table ${table} ${parts.join(", ")}`;
}

/** Counts the seconds of all rows from the facts. */
function fill(kind: Kind, counting: Counting): string {
  const { fact, key, within, sums } = counting;
  const divide = kind === "mysql" ? "div" : "/";
  const groups = ["start", ...within].join(", ");
  const amounts = sums.map((sum) => `, sum(${sum} % 10000000), sum(${sum} ${divide} 10000000)`).join("");
  const columns = sums.map((sum) => `, ${sum}, ${sum}_units`).join("");
  return `insert into ${tableOf(counting, [])} (${groups}, span, writer, n${columns})
    select ${groups}, 1, 0, count(*)${amounts}
    from (select ${[`${secondOf[kind](key)} as start`, ...within, ...sums].join(", ")} from ${fact}) as seconds group by ${groups}`;
}

function countBySeconds(kind: Kind, counting: Counting): string[] {
  const tables = tablesOf(counting);
  return [
    ...(kind === "mysql" ? tables.map(({ by, table }) => describe(counting, by, table, "seconds")) : []),
    ...tables.map(({ table }) => scale(counting, table, "*")),
    fill(kind, counting),
  ];
}

function countByMinutes(kind: Kind, counting: Counting): string[] {
  const tables = tablesOf(counting);
  return [
    `delete from ${tableOf(counting, [])} where span = 1`,
    ...tables.map(({ table }) => scale(counting, table, kind === "mysql" ? "div" : "/")),
    ...(kind === "mysql" ? tables.map(({ by, table }) => describe(counting, by, table, "minutes")) : []),
  ];
}

export const countAllRowsBySeconds: MigrationStep = {
  name: "2026-11-29-1014-count-all-rows-by-seconds",
  up: {
    mysql: countings.flatMap((counting) => countBySeconds("mysql", counting)),
    sqlite: countings.flatMap((counting) => countBySeconds("sqlite", counting)),
  },
  down: {
    mysql: countings.flatMap((counting) => countByMinutes("mysql", counting)),
    sqlite: countings.flatMap((counting) => countByMinutes("sqlite", counting)),
  },
};
