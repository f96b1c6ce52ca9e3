import { type MigrationStep } from "../kit/migrate.js";

export const takeAnyWriter: MigrationStep = {
  name: "2026-11-30-2220-take-any-writer",
  up: {
    mysql: [
      "create table `counting_process` (`id` int unsigned not null auto_increment primary key, `name` varchar(64) not null comment 'The installation\\'s id and the slot.') default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'A process that counts and has no journal.'",
      "alter table `counting_process` add unique `counting_process_name_unique` (`name`)",
      "alter table `click_count` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `click_count_by_country` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `click_count_by_flow_id` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `click_count_by_flow_id_country` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `conversion_count` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `conversion_count_by_flow_id` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `conversion_count_by_flow_id_goal` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `conversion_count_by_goal` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `postback_log_count` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `postback_log_count_by_flow_id` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `postback_log_count_by_flow_id_postback_key_id` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `postback_log_count_by_postback_key_id` modify `writer` int unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
    ],
    sqlite: [
      "create table `counting_process` (`id` integer not null primary key autoincrement, `name` text not null) /* A process that counts and has no journal. */",
      "create unique index `counting_process_name_unique` on `counting_process` (`name`)",
    ],
  },
  down: {
    mysql: [
      "alter table `click_count` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `click_count_by_country` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `click_count_by_flow_id` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `click_count_by_flow_id_country` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `conversion_count` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `conversion_count_by_flow_id` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `conversion_count_by_flow_id_goal` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `conversion_count_by_goal` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `postback_log_count` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `postback_log_count_by_flow_id` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `postback_log_count_by_flow_id_postback_key_id` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "alter table `postback_log_count_by_postback_key_id` modify `writer` smallint unsigned not null comment 'Who counted: each has rows of its own, so that none waits for another.'",
      "drop table `counting_process`",
    ],
    sqlite: ["drop table `counting_process`"],
  },
};
