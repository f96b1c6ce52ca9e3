import { type MigrationStep } from "../kit/migrate.js";

export const waitForTrackersAgain: MigrationStep = {
  name: "2026-11-30-2147-wait-for-trackers-again",
  up: {
    mysql: [
      "alter table `journal_writer` add `awaited_from` bigint null comment 'Since when it is waited for without having been here.', add `clock_ahead` int null comment 'By how many milliseconds its clock was ahead of the database\\'s.'",
      "alter table `journal_writer` modify `seen_at` bigint not null comment 'When its loader was last here, by the database\\'s clock.'",
    ],
    sqlite: [
      "alter table `journal_writer` add column `awaited_from` integer null",
      "alter table `journal_writer` add column `clock_ahead` integer null",
    ],
  },
  down: {
    mysql: [
      "alter table `journal_writer` drop column `awaited_from`, drop column `clock_ahead`",
      "alter table `journal_writer` modify `seen_at` bigint not null comment 'When its loader was last here.'",
    ],
    sqlite: [
      "alter table `journal_writer` drop column `awaited_from`",
      "alter table `journal_writer` drop column `clock_ahead`",
    ],
  },
};
