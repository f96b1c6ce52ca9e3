import { type MigrationStep } from "../kit/migrate.js";

export const nameThePostbackThatWasReplayed: MigrationStep = {
  name: "2026-11-25-0802-name-the-postback-that-was-replayed",
  up: {
    mysql: [
      "alter table `postback_log` add `replay_of_id` binary(16) null comment 'The postback that was sent through again; none: an advertiser sent it.'",
    ],
    sqlite: ["alter table `postback_log` add column `replay_of_id` blob null"],
  },
  down: {
    mysql: ["alter table `postback_log` drop column `replay_of_id`"],
    sqlite: ["alter table `postback_log` drop column `replay_of_id`"],
  },
};
