import { type MigrationStep } from "../kit/migrate.js";

/** What is counted of the facts that are there. */
export interface Counter {
  fact: string;
  key: string;
  by: string[];
  within: string[];
  sums: string[];
}

const counters: Counter[] = [
  ...[[], ["flow_id"], ["country"], ["flow_id", "country"]].map((by) => ({
    fact: "click",
    key: "id",
    by,
    within: [],
    sums: [],
  })),
  ...[[], ["flow_id"], ["goal"], ["flow_id", "goal"]].map((by) => ({
    fact: "conversion",
    key: "first_postback_id",
    by,
    within: ["status", "other", "currency"],
    sums: ["revenue"],
  })),
  ...[[], ["flow_id"]].map((by) => ({
    fact: "postback_log",
    key: "id",
    by,
    within: ["status", "refused"],
    sums: [],
  })),
];

/** The moment in an id, in minutes since 1970. SQLite reads hexadecimal only as JSON5. */
const minuteOf = {
  mysql: (id: string) => `conv(hex(left(${id}, 6)), 16, 10) div 60000`,
  sqlite: (id: string) => `json_extract('0x' || hex(substr(${id}, 1, 6)), '$') / 60000`,
};

/** Counts the minutes from the facts, and the days from the minutes. */
export function fill(kind: "mysql" | "sqlite", { fact, key, by, within, sums }: Counter): string[] {
  const table = `${[fact, "count", ...(by.length > 0 ? ["by", ...by] : [])].join("_")}`;
  const into = `insert into ${table} (${[...by, "span", "start", ...within, "writer", "n", ...sums].join(", ")})`;
  const groups = [...by, "start", ...within].join(", ");
  const select = (span: number, n: string, from: string) =>
    `${into} select ${[...by, span, "start", ...within, 0, `sum(${n})`, ...sums.map((sum) => `sum(${sum})`)].join(", ")} from (${from}) counted group by ${groups}`;
  const present = by.length > 0 ? ` where ${by.map((column) => `${column} is not null`).join(" and ")}` : "";
  const columns = [...by, ...within, ...sums].map((column) => `, ${column}`).join("");
  return [
    select(1, "n", `select ${minuteOf[kind](key)} as start, 1 as n${columns} from ${fact}${present}`),
    select(1440, "n", `select start - start % 1440 as start, n${columns} from ${table} where span = 1`),
  ];
}

export const countFacts: MigrationStep = {
  name: "2026-11-25-0233-count-facts",
  up: {
    mysql: [
      "create table `click_count` (`span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', primary key (`span`, `start`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of Click there are, for each day and minute.'",
      "create table `click_count_by_country` (`country` varchar(2) not null, `span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', primary key (`country`, `span`, `start`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of Click there are by country, for each day and minute.'",
      "create table `click_count_by_flow_id` (`flow_id` int unsigned not null, `span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', primary key (`flow_id`, `span`, `start`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of Click there are by flowId, for each day and minute.'",
      "create table `click_count_by_flow_id_country` (`flow_id` int unsigned not null, `country` varchar(2) not null, `span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', primary key (`flow_id`, `country`, `span`, `start`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of Click there are by flowId and country, for each day and minute.'",
      "create table `conversion_count` (`span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `status` varchar(16) not null, `other` tinyint(1) not null, `currency` varchar(3) not null, `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', `revenue` bigint not null, primary key (`span`, `start`, `status`, `other`, `currency`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of Conversion there are, for each day and minute.'",
      "create table `conversion_count_by_flow_id` (`flow_id` int unsigned not null, `span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `status` varchar(16) not null, `other` tinyint(1) not null, `currency` varchar(3) not null, `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', `revenue` bigint not null, primary key (`flow_id`, `span`, `start`, `status`, `other`, `currency`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of Conversion there are by flowId, for each day and minute.'",
      "create table `conversion_count_by_flow_id_goal` (`flow_id` int unsigned not null, `goal` varbinary(256) not null, `span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `status` varchar(16) not null, `other` tinyint(1) not null, `currency` varchar(3) not null, `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', `revenue` bigint not null, primary key (`flow_id`, `goal`, `span`, `start`, `status`, `other`, `currency`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of Conversion there are by flowId and goal, for each day and minute.'",
      "create table `conversion_count_by_goal` (`goal` varbinary(256) not null, `span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `status` varchar(16) not null, `other` tinyint(1) not null, `currency` varchar(3) not null, `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', `revenue` bigint not null, primary key (`goal`, `span`, `start`, `status`, `other`, `currency`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of Conversion there are by goal, for each day and minute.'",
      "create table `postback_log_count` (`span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `status` int unsigned not null, `refused` tinyint(1) not null, `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', primary key (`span`, `start`, `status`, `refused`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of PostbackLog there are, for each day and minute.'",
      "create table `postback_log_count_by_flow_id` (`flow_id` int unsigned not null, `span` smallint unsigned not null comment 'Length in minutes: a day or a minute.', `start` int unsigned not null comment 'Where it begins, in minutes since 1970.', `status` int unsigned not null, `refused` tinyint(1) not null, `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.', `n` int not null comment 'How many; only the sum over all writers means something.', primary key (`flow_id`, `span`, `start`, `status`, `refused`, `writer`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'How many rows of PostbackLog there are by flowId, for each day and minute.'",
      "alter table `conversion` add `other` tinyint(1) null",
      "update `conversion` set `other` = (`goal` is null)",
      "alter table `conversion` modify `other` tinyint(1) not null comment 'True: the Other bucket, conversions without a goal of the flow; false: those with one.'",
      "alter table `conversion` add index `conversion_click_hash_first_postback_id_index` (`click_hash`, `first_postback_id`)",
      "alter table `conversion` add index `conversion_updated_at_first_postback_id_index` (`updated_at`, `first_postback_id`)",
      "alter table `conversion` add index `conversion_other_first_postback_id_index` (`other`, `first_postback_id`)",
      "alter table `conversion` add index `conversion_flow_id_other_first_postback_id_index` (`flow_id`, `other`, `first_postback_id`)",
      "alter table `conversion` add index `conversion_other_status_first_postback_id_index` (`other`, `status`, `first_postback_id`)",
      "alter table `conversion` add index `conversion_flow_id_other_status_first_postback_id_index` (`flow_id`, `other`, `status`, `first_postback_id`)",
      "alter table `postback_log` add `refused` tinyint(1) null",
      "update `postback_log` set `refused` = (`status` >= 400)",
      "alter table `postback_log` modify `refused` tinyint(1) not null comment 'True: those that were not taken, answered with 400 or more; false: those that were.'",
      "alter table `postback_log` add index `postback_log_refused_id_index` (`refused`, `id`)",
      "alter table `postback_log` add index `postback_log_flow_id_refused_id_index` (`flow_id`, `refused`, `id`)",
      ...counters.flatMap((counter) => fill("mysql", counter)),
    ],
    sqlite: [
      "create table `click_count` (`span` integer not null, `start` integer not null, `writer` integer not null, `n` integer not null, primary key (`span`, `start`, `writer`)) without rowid /* How many rows of Click there are, for each day and minute. */",
      "create table `click_count_by_country` (`country` text not null, `span` integer not null, `start` integer not null, `writer` integer not null, `n` integer not null, primary key (`country`, `span`, `start`, `writer`)) without rowid /* How many rows of Click there are by country, for each day and minute. */",
      "create table `click_count_by_flow_id` (`flow_id` integer not null, `span` integer not null, `start` integer not null, `writer` integer not null, `n` integer not null, primary key (`flow_id`, `span`, `start`, `writer`)) without rowid /* How many rows of Click there are by flowId, for each day and minute. */",
      "create table `click_count_by_flow_id_country` (`flow_id` integer not null, `country` text not null, `span` integer not null, `start` integer not null, `writer` integer not null, `n` integer not null, primary key (`flow_id`, `country`, `span`, `start`, `writer`)) without rowid /* How many rows of Click there are by flowId and country, for each day and minute. */",
      "create table `conversion_count` (`span` integer not null, `start` integer not null, `status` text not null, `other` integer not null, `currency` text not null, `writer` integer not null, `n` integer not null, `revenue` integer not null, primary key (`span`, `start`, `status`, `other`, `currency`, `writer`)) without rowid /* How many rows of Conversion there are, for each day and minute. */",
      "create table `conversion_count_by_flow_id` (`flow_id` integer not null, `span` integer not null, `start` integer not null, `status` text not null, `other` integer not null, `currency` text not null, `writer` integer not null, `n` integer not null, `revenue` integer not null, primary key (`flow_id`, `span`, `start`, `status`, `other`, `currency`, `writer`)) without rowid /* How many rows of Conversion there are by flowId, for each day and minute. */",
      "create table `conversion_count_by_flow_id_goal` (`flow_id` integer not null, `goal` text not null, `span` integer not null, `start` integer not null, `status` text not null, `other` integer not null, `currency` text not null, `writer` integer not null, `n` integer not null, `revenue` integer not null, primary key (`flow_id`, `goal`, `span`, `start`, `status`, `other`, `currency`, `writer`)) without rowid /* How many rows of Conversion there are by flowId and goal, for each day and minute. */",
      "create table `conversion_count_by_goal` (`goal` text not null, `span` integer not null, `start` integer not null, `status` text not null, `other` integer not null, `currency` text not null, `writer` integer not null, `n` integer not null, `revenue` integer not null, primary key (`goal`, `span`, `start`, `status`, `other`, `currency`, `writer`)) without rowid /* How many rows of Conversion there are by goal, for each day and minute. */",
      "create table `postback_log_count` (`span` integer not null, `start` integer not null, `status` integer not null, `refused` integer not null, `writer` integer not null, `n` integer not null, primary key (`span`, `start`, `status`, `refused`, `writer`)) without rowid /* How many rows of PostbackLog there are, for each day and minute. */",
      "create table `postback_log_count_by_flow_id` (`flow_id` integer not null, `span` integer not null, `start` integer not null, `status` integer not null, `refused` integer not null, `writer` integer not null, `n` integer not null, primary key (`flow_id`, `span`, `start`, `status`, `refused`, `writer`)) without rowid /* How many rows of PostbackLog there are by flowId, for each day and minute. */",
      "alter table `conversion` rename to `conversion_old`",
      "create table `conversion` (`id` blob not null primary key, `click_hash` blob not null, `flow_id` integer not null, `goal` text null, `goal_sent_key` text not null, `status` text not null, `revenue` integer not null, `currency` text not null, `uid_key` text not null, `status_from` blob null, `revenue_from` blob null, `currency_from` blob null, `updated_at` integer not null, `first_postback_id` blob not null, `other` integer not null)",
      "insert into `conversion` select `id`, `click_hash`, `flow_id`, `goal`, `goal_sent_key`, `status`, `revenue`, `currency`, `uid_key`, `status_from`, `revenue_from`, `currency_from`, `updated_at`, `first_postback_id`, `goal` is null from `conversion_old`",
      "drop table `conversion_old`",
      "create unique index `conversion_click_hash_goal_sent_key_uid_key_unique` on `conversion` (`click_hash`, `goal_sent_key`, `uid_key`)",
      "create index `conversion_first_postback_id_index` on `conversion` (`first_postback_id`)",
      "create index `conversion_flow_id_first_postback_id_index` on `conversion` (`flow_id`, `first_postback_id`)",
      "create index `conversion_goal_first_postback_id_index` on `conversion` (`goal`, `first_postback_id`)",
      "create index `conversion_status_first_postback_id_index` on `conversion` (`status`, `first_postback_id`)",
      "create index `conversion_uid_key_first_postback_id_index` on `conversion` (`uid_key`, `first_postback_id`)",
      "create index `conversion_flow_id_goal_first_postback_id_index` on `conversion` (`flow_id`, `goal`, `first_postback_id`)",
      "create index `conversion_flow_id_status_first_postback_id_index` on `conversion` (`flow_id`, `status`, `first_postback_id`)",
      "create index `conversion_goal_status_first_postback_id_index` on `conversion` (`goal`, `status`, `first_postback_id`)",
      "create index `conversion_flow_id_goal_status_first_postback_id_index` on `conversion` (`flow_id`, `goal`, `status`, `first_postback_id`)",
      "create index `conversion_click_hash_first_postback_id_index` on `conversion` (`click_hash`, `first_postback_id`)",
      "create index `conversion_updated_at_first_postback_id_index` on `conversion` (`updated_at`, `first_postback_id`)",
      "create index `conversion_other_first_postback_id_index` on `conversion` (`other`, `first_postback_id`)",
      "create index `conversion_flow_id_other_first_postback_id_index` on `conversion` (`flow_id`, `other`, `first_postback_id`)",
      "create index `conversion_other_status_first_postback_id_index` on `conversion` (`other`, `status`, `first_postback_id`)",
      "create index `conversion_flow_id_other_status_first_postback_id_index` on `conversion` (`flow_id`, `other`, `status`, `first_postback_id`)",
      "alter table `postback_log` rename to `postback_log_old`",
      "create table `postback_log` (`id` blob not null primary key, `flow_id` integer null, `click_hash` text null, `click_key` text null, `goal` text null, `status` integer not null, `code` text not null, `message` text not null, `ip` text not null, `method` text not null, `payload` text not null, `payload_cut` integer not null, `conversion_id` blob null, `postback_key_id` integer null, `suppressed` integer not null, `refused` integer not null)",
      "insert into `postback_log` select `id`, `flow_id`, `click_hash`, `click_key`, `goal`, `status`, `code`, `message`, `ip`, `method`, `payload`, `payload_cut`, `conversion_id`, `postback_key_id`, `suppressed`, `status` >= 400 from `postback_log_old`",
      "drop table `postback_log_old`",
      "create index `postback_log_flow_id_id_index` on `postback_log` (`flow_id`, `id`)",
      "create index `postback_log_status_id_index` on `postback_log` (`status`, `id`)",
      "create index `postback_log_flow_id_status_id_index` on `postback_log` (`flow_id`, `status`, `id`)",
      "create index `postback_log_click_key_id_index` on `postback_log` (`click_key`, `id`)",
      "create index `postback_log_postback_key_id_id_index` on `postback_log` (`postback_key_id`, `id`)",
      "create index `postback_log_refused_id_index` on `postback_log` (`refused`, `id`)",
      "create index `postback_log_flow_id_refused_id_index` on `postback_log` (`flow_id`, `refused`, `id`)",
      ...counters.flatMap((counter) => fill("sqlite", counter)),
    ],
  },
  down: {
    mysql: [
      "drop table `postback_log_count_by_flow_id`",
      "drop table `postback_log_count`",
      "drop table `conversion_count_by_goal`",
      "drop table `conversion_count_by_flow_id_goal`",
      "drop table `conversion_count_by_flow_id`",
      "drop table `conversion_count`",
      "drop table `click_count_by_flow_id_country`",
      "drop table `click_count_by_flow_id`",
      "drop table `click_count_by_country`",
      "drop table `click_count`",
      "alter table `conversion` drop index `conversion_click_hash_first_postback_id_index`",
      "alter table `conversion` drop index `conversion_updated_at_first_postback_id_index`",
      "alter table `conversion` drop index `conversion_other_first_postback_id_index`",
      "alter table `conversion` drop index `conversion_flow_id_other_first_postback_id_index`",
      "alter table `conversion` drop index `conversion_other_status_first_postback_id_index`",
      "alter table `conversion` drop index `conversion_flow_id_other_status_first_postback_id_index`",
      "alter table `conversion` drop column `other`",
      "alter table `postback_log` drop index `postback_log_refused_id_index`",
      "alter table `postback_log` drop index `postback_log_flow_id_refused_id_index`",
      "alter table `postback_log` drop column `refused`",
    ],
    sqlite: [
      "drop table `postback_log_count_by_flow_id`",
      "drop table `postback_log_count`",
      "drop table `conversion_count_by_goal`",
      "drop table `conversion_count_by_flow_id_goal`",
      "drop table `conversion_count_by_flow_id`",
      "drop table `conversion_count`",
      "drop table `click_count_by_flow_id_country`",
      "drop table `click_count_by_flow_id`",
      "drop table `click_count_by_country`",
      "drop table `click_count`",
      "drop index `conversion_click_hash_first_postback_id_index`",
      "drop index `conversion_updated_at_first_postback_id_index`",
      "drop index `conversion_other_first_postback_id_index`",
      "drop index `conversion_flow_id_other_first_postback_id_index`",
      "drop index `conversion_other_status_first_postback_id_index`",
      "drop index `conversion_flow_id_other_status_first_postback_id_index`",
      "alter table `conversion` drop column `other`",
      "drop index `postback_log_refused_id_index`",
      "drop index `postback_log_flow_id_refused_id_index`",
      "alter table `postback_log` drop column `refused`",
    ],
  },
};
