import { type MigrationStep } from "../kit/migrate.js";

type Kind = "mysql" | "sqlite";

/** The columns that each of the counters of clicks is by. */
const countings = [[], ["flow_id"], ["country"], ["flow_id", "country"]];
const properties: Record<string, string> = { flow_id: "flowId" };
const [DAY, MINUTE, SECOND] = [86_400, 60, 1];

const tableOf = (by: string[]) => ["click_count", ...(by.length > 0 ? ["by", ...by] : [])].join("_");
const keyOf = (by: string[], ...within: string[]) => [...by, "span", "start", ...within, "writer"];
const quoted = (columns: string[]) => columns.map((column) => `\`${column}\``).join(", ");

/** The moment in an id, in seconds since 1970. SQLite reads hexadecimal only as JSON5. */
const second = {
  mysql: "conv(hex(left(id, 6)), 16, 10) div 1000",
  sqlite: "json_extract('0x' || hex(substr(id, 1, 6)), '$') / 1000",
};

/** Puts whether a click is a bot's into a counter's key, or takes it out. SQLite makes the table anew for that. */
function changeKey(kind: Kind, by: string[], way: "add" | "drop"): string[] {
  const table = tableOf(by);
  const key = quoted(keyOf(by, ...(way === "add" ? ["bot"] : [])));
  if (kind === "mysql") {
    const column = way === "add" ? "add `bot` tinyint(1) not null after `start`" : "drop column `bot`";
    return [`alter table ${table} drop primary key, ${column}, add primary key (${key})`];
  }
  const columns = [...keyOf(by, ...(way === "add" ? ["bot"] : [])), "n"];
  const written = columns.map((column) => `\`${column}\` ${column === "country" ? "text" : "integer"} not null`);
  const asked = by.length > 0 ? ` by ${by.map((column) => properties[column] ?? column).join(" and ")}` : "";
  return [
    `alter table ${table} rename to ${table}_old`,
    `create table \`${table}\` (${written.join(", ")}, primary key (${key})) without rowid /* How many rows of Click there are${asked}, for each day and shorter time. */`,
    `insert into ${table} select ${columns.map((column) => (column === "bot" ? "0" : column)).join(", ")} from ${table}_old`,
    `drop table ${table}_old`,
  ];
}

/** Adds the rows that a statement selects to those of a counter. */
function addTo(kind: Kind, by: string[], select: string): string {
  const table = tableOf(by);
  const known =
    kind === "mysql"
      ? `on duplicate key update n = ${table}.n + values(n)`
      : `on conflict (${quoted(keyOf(by, "bot"))}) do update set n = n + excluded.n`;
  const columns = [...by, "span", "start", "bot", "writer", "n"];
  return `insert into ${table} (${columns.join(", ")}) select * from (${select}) as bots where true ${known}`;
}

/** Counts the clicks of bots for themselves, and no longer with those of people. */
function countBots(kind: Kind, by: string[]): string[] {
  const table = tableOf(by);
  const columns = by.map((column) => `${column}, `).join("");
  const present = by.map((column) => ` and ${column} is not null`).join("");
  const shortest = by.length === 0 ? SECOND : MINUTE;
  const facts = `select ${columns}${second[kind]} as moment, 1 as n from click where bot = 1${present}`;
  const counted = `select ${columns}start as moment, n from ${table} where span = ${shortest} and bot = 1`;
  const count = (span: number) => {
    const from = span === shortest ? facts : counted;
    const spans = `select ${columns}moment - moment % ${span} as start, n from (${from}) as moments`;
    return `select ${columns}${span} as span, start, 1 as bot, 0 as writer, sum(n) as n from (${spans}) as spans group by ${columns}start`;
  };
  const spans = [SECOND, MINUTE, DAY].filter((span) => span >= shortest);
  return [
    ...spans.map((span) => addTo(kind, by, count(span))),
    addTo(kind, by, `select ${columns}span, start, 0 as bot, 0 as writer, -n as n from ${table} where bot = 1`),
  ];
}

function countTogether(kind: Kind, by: string[]): string[] {
  const table = tableOf(by);
  const columns = by.map((column) => `${column}, `).join("");
  return [
    addTo(kind, by, `select ${columns}span, start, 0 as bot, writer, n from ${table} where bot = 1`),
    `delete from ${table} where bot = 1`,
  ];
}

export const keepVersionsNetworksAndBotsOfClicks: MigrationStep = {
  name: "2026-11-30-1741-keep-versions-networks-and-bots-of-clicks",
  up: {
    mysql: [
      "alter table `click` add `os_version` varchar(16) null comment 'Version of the operating system: major.minor, as far as the browser says it.', add `browser_version` varchar(16) null comment 'Version of the browser or app: major.minor, as far as it says it.', add `asn` int null comment 'Number of the network that the IP address belongs to, if there is an asn.mmdb.', add `isp` varchar(128) null comment 'Name of the network that the IP address belongs to, if there is an asn.mmdb.'",
      "alter table `click` modify `device` varchar(32) null comment 'Kind of device: desktop, mobile, tablet, tv or console.'",
      "alter table `click` modify `browser` varchar(32) null comment 'Browser, or the app that shows the page inside itself.'",
      "alter table `click` modify `bot` tinyint(1) not null comment 'Whether it looks like a bot or a preview, or says nothing of itself.'",
      "alter table `click` add index `click_bot_id_index` (`bot`, `id`)",
      "alter table `click` add index `click_flow_id_bot_id_index` (`flow_id`, `bot`, `id`)",
      ...countings.flatMap((by) => [...changeKey("mysql", by, "add"), ...countBots("mysql", by)]),
    ],
    sqlite: [
      "alter table `click` add column `os_version` text null",
      "alter table `click` add column `browser_version` text null",
      "alter table `click` add column `asn` integer null",
      "alter table `click` add column `isp` text null",
      "create index `click_bot_id_index` on `click` (`bot`, `id`)",
      "create index `click_flow_id_bot_id_index` on `click` (`flow_id`, `bot`, `id`)",
      ...countings.flatMap((by) => [...changeKey("sqlite", by, "add"), ...countBots("sqlite", by)]),
    ],
  },
  down: {
    mysql: [
      ...countings.flatMap((by) => [...countTogether("mysql", by), ...changeKey("mysql", by, "drop")]),
      "alter table `click` drop index `click_bot_id_index`",
      "alter table `click` drop index `click_flow_id_bot_id_index`",
      "alter table `click` drop column `os_version`, drop column `browser_version`, drop column `asn`, drop column `isp`",
      "alter table `click` modify `device` varchar(32) null comment 'Kind of device: desktop, mobile, tablet, tv.'",
      "alter table `click` modify `browser` varchar(32) null comment 'Browser.'",
      "alter table `click` modify `bot` tinyint(1) not null comment 'Whether it looks like a bot, a preview or a prefetch.'",
    ],
    sqlite: [
      ...countings.flatMap((by) => [...countTogether("sqlite", by), ...changeKey("sqlite", by, "drop")]),
      "drop index `click_bot_id_index`",
      "drop index `click_flow_id_bot_id_index`",
      ...["os_version", "browser_version", "asn", "isp"].map(
        (column) => `alter table \`click\` drop column \`${column}\``,
      ),
    ],
  },
};
