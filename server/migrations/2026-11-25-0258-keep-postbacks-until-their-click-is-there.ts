import { type MigrationStep } from "../kit/migrate.js";

export const keepPostbacksUntilTheirClickIsThere: MigrationStep = {
  name: "2026-11-25-0258-keep-postbacks-until-their-click-is-there",
  up: {
    mysql: [
      "create table `pending_postback` (`id` binary(16) not null comment 'Its arrival, which is the id its log entry will have.', `click_hash` binary(16) not null comment 'The click it names.', `received` mediumtext not null comment 'The postback as it was received.', primary key (`id`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'A postback that was answered 202 and waits for its click.'",
      "alter table `postback_log` add `outcome` varchar(32) null comment 'What became of it later, where the answer was that it will be processed: a code of the same list.', add `processed_at` bigint null comment 'When it was processed, where that was later than its answer.'",
    ],
    sqlite: [
      "create table `pending_postback` (`id` blob not null primary key, `click_hash` blob not null, `received` text not null) /* A postback that was answered 202 and waits for its click. */",
      "alter table `postback_log` add column `outcome` text null",
      "alter table `postback_log` add column `processed_at` integer null",
    ],
  },
  down: {
    mysql: [
      "alter table `postback_log` drop column `outcome`, drop column `processed_at`",
      "drop table `pending_postback`",
    ],
    sqlite: [
      "alter table `postback_log` drop column `outcome`",
      "alter table `postback_log` drop column `processed_at`",
      "drop table `pending_postback`",
    ],
  },
};
