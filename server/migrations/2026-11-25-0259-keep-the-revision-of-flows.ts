import { type MigrationStep } from "../kit/migrate.js";

export const keepTheRevisionOfFlows: MigrationStep = {
  name: "2026-11-25-0259-keep-the-revision-of-flows",
  up: {
    mysql: [
      "alter table `flow` add `revision` int null comment 'Which change of the catalog was its last; none: one before they were kept.'",
      "alter table `flow` add index `flow_revision_id_index` (`revision`, `id`)",
    ],
    sqlite: [
      "alter table `flow` add column `revision` integer null",
      "create index `flow_revision_id_index` on `flow` (`revision`, `id`)",
    ],
  },
  down: {
    mysql: ["alter table `flow` drop index `flow_revision_id_index`", "alter table `flow` drop column `revision`"],
    sqlite: ["drop index `flow_revision_id_index`", "alter table `flow` drop column `revision`"],
  },
};
