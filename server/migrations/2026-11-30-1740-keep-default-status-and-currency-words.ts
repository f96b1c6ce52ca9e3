import { type MigrationStep } from "../kit/migrate.js";

export const keepDefaultStatusAndCurrencyWords: MigrationStep = {
  name: "2026-11-30-1740-keep-default-status-and-currency-words",
  up: {
    mysql: [
      "alter table `postback_key` add `default_status` varchar(16) null, add `currency_words` text null",
      "update `postback_key` set `default_status` = 'PENDING', `currency_words` = '[]'",
      "alter table `postback_key` modify `default_status` varchar(16) not null comment 'The status of a new conversion whose postback names none. A URL as Keitaro has it knows one of its own: approved.', modify `currency_words` text not null comment 'Words that stand for a currency in its postbacks, beside the codes of ISO 4217.'",
    ],
    sqlite: [
      "alter table `postback_key` rename to `postback_key_old`",
      "create table `postback_key` (`id` integer not null primary key autoincrement, `name` text not null, `key` text not null, `created_at` integer not null, `deleted` integer not null, `status_words` text not null, `default_status` text not null, `currency_words` text not null)",
      "insert into `postback_key` select *, 'PENDING', '[]' from `postback_key_old`",
      "drop table `postback_key_old`",
      "create unique index `postback_key_key_unique` on `postback_key` (`key`)",
    ],
  },
  down: {
    mysql: ["alter table `postback_key` drop column `default_status`, drop column `currency_words`"],
    sqlite: [
      "alter table `postback_key` drop column `default_status`",
      "alter table `postback_key` drop column `currency_words`",
    ],
  },
};
