import { type MigrationStep } from "../kit/migrate.js";

export const keepHowFarJournalsAreLoaded: MigrationStep = {
  name: "2026-11-25-0241-keep-how-far-journals-are-loaded",
  up: {
    mysql: [
      "create table `journal_writer` (`id` int unsigned not null auto_increment primary key, `name` varchar(64) not null comment 'The installation\\'s id and the slot.', `segment` bigint not null comment 'The segment up to which it is loaded.', `position` int not null comment 'The byte in that segment.', `loaded_until` bigint not null comment 'All its clicks before this moment are stored.', `seen_at` bigint not null comment 'When its loader was last here.', `closed` tinyint(1) not null comment 'It was closed with nothing left to load.') default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'A journal, and how far it is loaded into this database.'",
      "alter table `journal_writer` add unique `journal_writer_name_unique` (`name`)",
      "create table `put_aside` (`id` binary(16) not null comment 'Its id.', `kind` varchar(16) not null comment 'What it is: click, postback or log entry.', `reason` text not null comment 'Why the database refused it, in its own words.', `payload` mediumtext not null comment 'The whole of it.', `retried` tinyint(1) not null comment 'Whether it was tried again since and is stored now.', primary key (`id`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB comment = 'A click or postback that the database refused for its values. It is kept here whole, and can be tried again.'",
      "alter table `put_aside` add index `put_aside_retried_id_index` (`retried`, `id`)",
      "alter table `put_aside` add index `put_aside_kind_id_index` (`kind`, `id`)",
      "alter table `put_aside` add index `put_aside_retried_kind_id_index` (`retried`, `kind`, `id`)",
    ],
    sqlite: [
      "create table `journal_writer` (`id` integer not null primary key autoincrement, `name` text not null, `segment` integer not null, `position` integer not null, `loaded_until` integer not null, `seen_at` integer not null, `closed` integer not null) /* A journal, and how far it is loaded into this database. */",
      "create unique index `journal_writer_name_unique` on `journal_writer` (`name`)",
      "create table `put_aside` (`id` blob not null primary key, `kind` text not null, `reason` text not null, `payload` text not null, `retried` integer not null) /* A click or postback that the database refused for its values. It is kept here whole, and can be tried again. */",
      "create index `put_aside_retried_id_index` on `put_aside` (`retried`, `id`)",
      "create index `put_aside_kind_id_index` on `put_aside` (`kind`, `id`)",
      "create index `put_aside_retried_kind_id_index` on `put_aside` (`retried`, `kind`, `id`)",
    ],
  },
  down: {
    mysql: ["drop table `put_aside`", "drop table `journal_writer`"],
    sqlite: ["drop table `put_aside`", "drop table `journal_writer`"],
  },
};
