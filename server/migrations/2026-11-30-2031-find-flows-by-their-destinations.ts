import { type MigrationStep } from "../kit/migrate.js";

export const findFlowsByTheirDestinations: MigrationStep = {
  name: "2026-11-30-2031-find-flows-by-their-destinations",
  up: {
    mysql: [
      "alter table `flow` add `destinations_folded` mediumblob null comment 'The destinations of its paths folded for search; none: the next start makes it.'",
    ],
    sqlite: ["alter table `flow` add column `destinations_folded` text null"],
  },
  down: {
    mysql: ["alter table `flow` drop column `destinations_folded`"],
    sqlite: ["alter table `flow` drop column `destinations_folded`"],
  },
};
