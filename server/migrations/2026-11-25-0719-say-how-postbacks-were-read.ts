import { type MigrationStep } from "../kit/migrate.js";
import { type Counter, fill } from "./2026-11-25-0233-count-facts.js";

const FLOW = "flow_id";
const KEY = "postback_key_id";
export const counters = [[], [FLOW], [KEY], [FLOW, KEY]].map(
  (by): Counter => ({
    fact: "postback_log",
    key: "id",
    by,
    within: ["status", "refused", "code", "warned"],
    sums: [],
  }),
);
const indexes = [
  ["uid"],
  [FLOW, KEY],
  ["code"],
  ["warned"],
  [FLOW, "code"],
  [FLOW, "warned"],
  [KEY, "status"],
  [KEY, "refused"],
  [KEY, "code"],
  [KEY, "warned"],
].map((columns) => [...columns, "id"]);
/** On SQLite a table that is made anew needs those again that were there. */
const indexesBefore = [[FLOW], ["status"], [FLOW, "status"], ["click_key"], [KEY], ["refused"], [FLOW, "refused"]].map(
  (columns) => [...columns, "id"],
);

const nameOf = (columns: string[]) => `postback_log_${columns.join("_")}_index`;
const quoted = (columns: string[]) => columns.map((column) => `\`${column}\``).join(", ");
export const tableOf = ({ by }: Counter) => ["postback_log_count", ...(by.length > 0 ? ["by", ...by] : [])].join("_");
const propertyOf = (column: string) => column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const keyOf = ({ by, within }: Counter) => quoted([...by, "span", "start", ...within, "writer"]);
const askedBy = ({ by }: Counter) => (by.length > 0 ? ` by ${by.map(propertyOf).join(" and ")}` : "");
const commentOf = (counter: Counter) =>
  `How many rows of PostbackLog there are${askedBy(counter)}, for each day and minute.`;

/** A counter's table, with the columns for what is counted within. */
const create = {
  mysql: (counter: Counter, within: string) =>
    `create table \`${tableOf(counter)}\` (${counter.by.map((column) => `\`${column}\` int unsigned not null, `).join("")}\`span\` smallint unsigned not null comment 'Length in minutes: a day or a minute.', \`start\` int unsigned not null comment 'Where it begins, in minutes since 1970.', ${within}, \`writer\` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', \`n\` int not null comment 'How many; only the sum over all writers means something.', primary key (${keyOf(counter)})) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = '${commentOf(counter)}'`,
  sqlite: (counter: Counter, within: string) =>
    `create table \`${tableOf(counter)}\` (${counter.by.map((column) => `\`${column}\` integer not null, `).join("")}\`span\` integer not null, \`start\` integer not null, ${within}, \`writer\` integer not null, \`n\` integer not null, primary key (${keyOf(counter)})) without rowid /* ${commentOf(counter)} */`,
};
const COUNTED_BEFORE = {
  mysql: "`status` int unsigned not null, `refused` tinyint(1) not null",
  sqlite: "`status` integer not null, `refused` integer not null",
};
const COUNTED = {
  mysql: `${COUNTED_BEFORE.mysql}, \`code\` varchar(32) not null, \`warned\` tinyint(1) not null`,
  sqlite: `${COUNTED_BEFORE.sqlite}, \`code\` text not null, \`warned\` integer not null`,
};

/** The counters anew: what they tell apart is in their keys. */
function recount(kind: "mysql" | "sqlite"): string[] {
  return counters.flatMap((counter, index) => [
    ...(index < 2 ? [`drop table \`${tableOf(counter)}\``] : []),
    create[kind](counter, COUNTED[kind]),
    ...fill(kind, counter),
  ]);
}

function countAsBefore(kind: "mysql" | "sqlite"): string[] {
  return counters.flatMap((counter, index) => {
    const before = { ...counter, within: ["status", "refused"] };
    const again = index < 2 ? [create[kind](before, COUNTED_BEFORE[kind]), ...fill(kind, before)] : [];
    return [`drop table \`${tableOf(counter)}\``, ...again];
  });
}

export const sayHowPostbacksWereRead: MigrationStep = {
  name: "2026-11-25-0719-say-how-postbacks-were-read",
  up: {
    mysql: [
      "alter table `postback_log` add `uid` varbinary(512) null comment 'The uid as sent.', add `warned` tinyint(1) null, add `dialect` varchar(16) null, add `reading` text null comment 'How each parameter that was found was read: name, place and value as sent, what it means, who says so of a status, and what to mend. None: it was turned away before.', add `change` text null comment 'Status, revenue and currency of the conversion before and after; none: it changed nothing.'",
      "update `postback_log` set `warned` = 0, `dialect` = 'WAYPOST'",
      "alter table `postback_log` modify `warned` tinyint(1) not null comment 'Whether something should be mended though it is no reason to refuse it: the message says what.', modify `dialect` varchar(16) not null comment 'The convention of its URL.'",
      ...indexes.map((columns) => `alter table \`postback_log\` add index \`${nameOf(columns)}\` (${quoted(columns)})`),
      ...recount("mysql"),
    ],
    sqlite: [
      "alter table `postback_log` rename to `postback_log_old`",
      "create table `postback_log` (`id` blob not null primary key, `flow_id` integer null, `click_hash` text null, `click_key` text null, `goal` text null, `status` integer not null, `code` text not null, `message` text not null, `ip` text not null, `method` text not null, `payload` text not null, `payload_cut` integer not null, `conversion_id` blob null, `postback_key_id` integer null, `suppressed` integer not null, `refused` integer not null, `outcome` text null, `processed_at` integer null, `uid` text null, `warned` integer not null, `dialect` text not null, `reading` text null, `change` text null)",
      "insert into `postback_log` select *, null, 0, 'WAYPOST', null, null from `postback_log_old`",
      "drop table `postback_log_old`",
      ...[...indexesBefore, ...indexes].map(
        (columns) => `create index \`${nameOf(columns)}\` on \`postback_log\` (${quoted(columns)})`,
      ),
      ...recount("sqlite"),
    ],
  },
  down: {
    mysql: [
      ...countAsBefore("mysql"),
      ...indexes.map((columns) => `alter table \`postback_log\` drop index \`${nameOf(columns)}\``),
      "alter table `postback_log` drop column `uid`, drop column `warned`, drop column `dialect`, drop column `reading`, drop column `change`",
    ],
    sqlite: [
      ...countAsBefore("sqlite"),
      ...indexes.map((columns) => `drop index \`${nameOf(columns)}\``),
      ...["uid", "warned", "dialect", "reading", "change"].map(
        (column) => `alter table \`postback_log\` drop column \`${column}\``,
      ),
    ],
  },
};
