import { type MigrationStep } from "../kit/migrate.js";

export const recordWhoChangedAConversion: MigrationStep = {
  name: "2026-11-25-0700-record-who-changed-a-conversion",
  up: {
    mysql: [
      "create table `announcement` (`id` binary(16) not null comment 'Its id; the moment in it is when the change began.', primary key (`id`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'Facts that an API process is changing.'",
      "alter table `conversion_change` add `user_id` int unsigned null comment 'Who changed it by hand; none: a postback said it.', add `note` varchar(500) null comment 'Why it was changed by hand, in the user\\'s own words.'",
      "alter table `conversion_change` modify `id` binary(16) not null comment 'Its id; where a postback said it, that of the postback\\'s log entry.'",
      "alter table `conversion_change` modify `applied` tinyint(1) not null comment 'Whether it took effect; not, when something that arrived later had been processed before.'",
      "alter table `conversion_change` comment = 'What one postback, or somebody by hand, said of a conversion.'",
    ],
    sqlite: [
      "create table `announcement` (`id` blob not null primary key) /* Facts that an API process is changing. */",
      "alter table `conversion_change` add column `user_id` integer null",
      "alter table `conversion_change` add column `note` text null",
    ],
  },
  down: {
    mysql: [
      "drop table `announcement`",
      "alter table `conversion_change` drop column `user_id`, drop column `note`",
      "alter table `conversion_change` modify `id` binary(16) not null comment 'Its id, which is that of the postback\\'s log entry.'",
      "alter table `conversion_change` modify `applied` tinyint(1) not null comment 'Whether it took effect; not, when a later postback had been processed before.'",
      "alter table `conversion_change` comment = 'What one postback said of a conversion.'",
    ],
    sqlite: [
      "drop table `announcement`",
      "alter table `conversion_change` drop column `user_id`",
      "alter table `conversion_change` drop column `note`",
    ],
  },
};
