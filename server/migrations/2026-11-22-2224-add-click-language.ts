import { type MigrationStep } from "../kit/migrate.js";

export const addClickLanguage: MigrationStep = {
  name: "2026-11-22-2224-add-click-language",
  up: {
    mysql: ["alter table `click` add `language` varchar(35) null comment 'The language the browser asks for first.'"],
    sqlite: ["alter table `click` add column `language` text null"],
  },
  down: {
    mysql: ["alter table `click` drop column `language`"],
    sqlite: ["alter table `click` drop column `language`"],
  },
};
