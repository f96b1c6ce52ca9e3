import { type MigrationStep } from "../kit/migrate.js";

export const keepStatusWordsOfPostbackKeys: MigrationStep = {
  name: "2026-11-25-0653-keep-status-words-of-postback-keys",
  up: {
    mysql: [
      "alter table `postback_key` add `status_words` text null",
      "update `postback_key` set `status_words` = '[]'",
      "alter table `postback_key` modify `status_words` text not null comment 'What words for a status mean in its postbacks, beyond those that Waypost knows by itself.'",
    ],
    sqlite: [
      "alter table `postback_key` rename to `postback_key_old`",
      "create table `postback_key` (`id` integer not null primary key autoincrement, `name` text not null, `key` text not null, `created_at` integer not null, `deleted` integer not null, `status_words` text not null)",
      "insert into `postback_key` select *, '[]' from `postback_key_old`",
      "drop table `postback_key_old`",
      "create unique index `postback_key_key_unique` on `postback_key` (`key`)",
    ],
  },
  down: {
    mysql: ["alter table `postback_key` drop column `status_words`"],
    sqlite: ["alter table `postback_key` drop column `status_words`"],
  },
};
