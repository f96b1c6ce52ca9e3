import { type MigrationStep } from "../kit/migrate.js";

export const knowBrowsersThatSignedIn: MigrationStep = {
  name: "2026-11-30-2142-know-browsers-that-signed-in",
  up: {
    mysql: [
      "alter table `user` add `browser_secret` varbinary(256) null comment 'What proves that a browser has signed in before; none: no browser has.'",
    ],
    sqlite: ["alter table `user` add column `browser_secret` text null"],
  },
  down: {
    mysql: ["alter table `user` drop column `browser_secret`"],
    sqlite: ["alter table `user` drop column `browser_secret`"],
  },
};
