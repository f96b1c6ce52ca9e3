import { type MigrationStep } from "../kit/migrate.js";

export const keepWhatChangesMadeOfAConversion: MigrationStep = {
  name: "2026-11-25-0818-keep-what-changes-made-of-a-conversion",
  up: {
    mysql: [
      "alter table `conversion_change` add `change` text null comment 'Status, revenue and currency of the conversion before and after; none: it changed nothing.'",
    ],
    sqlite: ["alter table `conversion_change` add column `change` text null"],
  },
  down: {
    mysql: ["alter table `conversion_change` drop column `change`"],
    sqlite: ["alter table `conversion_change` drop column `change`"],
  },
};
