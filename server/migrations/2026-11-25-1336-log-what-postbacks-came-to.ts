import { type MigrationStep } from "../kit/migrate.js";
import { fill } from "./2026-11-25-0233-count-facts.js";
import { counters, tableOf } from "./2026-11-25-0719-say-how-postbacks-were-read.js";

/** What was processed after its answer: its code is what it came to. */
const SAY_THE_END =
  "update `postback_log` set `refused` = `outcome` not in ('RECORDED', 'UPDATED', 'REPEATED', 'SUPERSEDED', 'IGNORED'), `code` = `outcome` where `outcome` is not null";
const SAY_THE_ANSWER =
  "update `postback_log` set `outcome` = `code`, `code` = 'ACCEPTED', `refused` = 0 where `processed_at` is not null";

function recount(kind: "mysql" | "sqlite"): string[] {
  return counters.flatMap((counter) => [`delete from \`${tableOf(counter)}\``, ...fill(kind, counter)]);
}

export const logWhatPostbacksCameTo: MigrationStep = {
  name: "2026-11-25-1336-log-what-postbacks-came-to",
  up: {
    mysql: [
      SAY_THE_END,
      "alter table `postback_log` drop column `outcome`, modify `code` varchar(32) not null comment 'What happened, from the closed list of codes. The filter asks for what it came to in the end.', modify `refused` tinyint(1) not null comment 'Whether it was not taken, at once or when it was processed later.', modify `change` text null comment 'Status, revenue and currency of the conversion before and after, and when it counts where that has changed; none: it changed nothing.'",
      "alter table `conversion_change` modify `change` text null comment 'Status, revenue and currency of the conversion before and after, and when it counts where that has changed; none: it changed nothing.'",
      ...recount("mysql"),
    ],
    sqlite: [SAY_THE_END, "alter table `postback_log` drop column `outcome`", ...recount("sqlite")],
  },
  down: {
    mysql: [
      "alter table `postback_log` add `outcome` varchar(32) null comment 'What became of it later, where the answer was that it will be processed: a code of the same list.', modify `refused` tinyint(1) not null comment 'True: those that were not taken, answered with 400 or more; false: those that were.', modify `code` varchar(32) not null comment 'What happened, from the closed list of codes.', modify `change` text null comment 'Status, revenue and currency of the conversion before and after; none: it changed nothing.'",
      "alter table `conversion_change` modify `change` text null comment 'Status, revenue and currency of the conversion before and after; none: it changed nothing.'",
      SAY_THE_ANSWER,
      ...recount("mysql"),
    ],
    sqlite: ["alter table `postback_log` add column `outcome` TEXT null", SAY_THE_ANSWER, ...recount("sqlite")],
  },
};
