import { type MigrationStep } from "../kit/migrate.js";

export const keepSumsOfAnySize: MigrationStep = {
  name: "2026-11-25-0804-keep-sums-of-any-size",
  up: {
    mysql: [
      "alter table `conversion_count` add `revenue_units` bigint not null default 0 comment 'Ten millions of the smallest unit that belong to the sum too.'",
      "alter table `conversion_count_by_flow_id` add `revenue_units` bigint not null default 0 comment 'Ten millions of the smallest unit that belong to the sum too.'",
      "alter table `conversion_count_by_flow_id_goal` add `revenue_units` bigint not null default 0 comment 'Ten millions of the smallest unit that belong to the sum too.'",
      "alter table `conversion_count_by_goal` add `revenue_units` bigint not null default 0 comment 'Ten millions of the smallest unit that belong to the sum too.'",
    ],
    sqlite: [
      "alter table `conversion_count` add column `revenue_units` integer not null default 0",
      "alter table `conversion_count_by_flow_id` add column `revenue_units` integer not null default 0",
      "alter table `conversion_count_by_flow_id_goal` add column `revenue_units` integer not null default 0",
      "alter table `conversion_count_by_goal` add column `revenue_units` integer not null default 0",
    ],
  },
  down: {
    mysql: [
      "alter table `conversion_count` drop column `revenue_units`",
      "alter table `conversion_count_by_flow_id` drop column `revenue_units`",
      "alter table `conversion_count_by_flow_id_goal` drop column `revenue_units`",
      "alter table `conversion_count_by_goal` drop column `revenue_units`",
    ],
    sqlite: [
      "alter table `conversion_count` drop column `revenue_units`",
      "alter table `conversion_count_by_flow_id` drop column `revenue_units`",
      "alter table `conversion_count_by_flow_id_goal` drop column `revenue_units`",
      "alter table `conversion_count_by_goal` drop column `revenue_units`",
    ],
  },
};
