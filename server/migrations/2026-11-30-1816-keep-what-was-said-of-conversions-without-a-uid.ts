import { type MigrationStep } from "../kit/migrate.js";

export const keepWhatWasSaidOfConversionsWithoutAUid: MigrationStep = {
  name: "2026-11-30-1816-keep-what-was-said-of-conversions-without-a-uid",
  up: {
    mysql: [
      "alter table `conversion` add `parts` text null comment 'What was said of it under its uid and without one, where the columns do not say everything.'",
    ],
    sqlite: ["alter table `conversion` add column `parts` text null"],
  },
  down: {
    mysql: ["alter table `conversion` drop column `parts`"],
    sqlite: ["alter table `conversion` drop column `parts`"],
  },
};
