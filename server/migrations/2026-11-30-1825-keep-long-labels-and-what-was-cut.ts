import { type MigrationStep } from "../kit/migrate.js";

export const keepLongLabelsAndWhatWasCut: MigrationStep = {
  name: "2026-11-30-1825-keep-long-labels-and-what-was-cut",
  up: {
    mysql: [
      "alter table `click` add `truncated` varchar(512) null comment 'What the visitor sent that was too long or too much and is cut, by the names of macros.'",
      "alter table `click` modify `sub_id` varchar(512) null comment 'Sub ID from the link, or the flow\\'s default.'",
      "alter table `click` modify `source` varchar(512) null comment 'Source (utm_source) from the link, or the flow\\'s default.'",
      "alter table `click` modify `medium` varchar(512) null comment 'Medium (utm_medium) from the link, or the flow\\'s default.'",
      "alter table `click` modify `campaign` varchar(512) null comment 'Campaign (utm_campaign) from the link, or the flow\\'s default.'",
      "alter table `click` modify `content` varchar(512) null comment 'Content (utm_content) from the link, or the flow\\'s default.'",
      "alter table `click` modify `term` varchar(512) null comment 'Term (utm_term) from the link, or the flow\\'s default.'",
      "alter table `flow` modify `default_source` varchar(512) null comment 'Source of clicks whose link names none.'",
      "alter table `flow` modify `default_medium` varchar(512) null comment 'Medium of clicks whose link names none.'",
      "alter table `flow` modify `default_campaign` varchar(512) null comment 'Campaign of clicks whose link names none.'",
      "alter table `flow` modify `default_content` varchar(512) null comment 'Content of clicks whose link names none.'",
      "alter table `flow` modify `default_term` varchar(512) null comment 'Term of clicks whose link names none.'",
      "alter table `flow` modify `default_sub_id` varchar(512) null comment 'Sub ID of clicks whose link names none.'",
    ],
    sqlite: ["alter table `click` add column `truncated` text null"],
  },
  down: {
    mysql: [
      "alter table `click` drop column `truncated`",
      "alter table `click` modify `sub_id` varchar(255) null comment 'Sub ID from the link, or the flow\\'s default.'",
      "alter table `click` modify `source` varchar(255) null comment 'Source (utm_source) from the link, or the flow\\'s default.'",
      "alter table `click` modify `medium` varchar(255) null comment 'Medium (utm_medium) from the link, or the flow\\'s default.'",
      "alter table `click` modify `campaign` varchar(255) null comment 'Campaign (utm_campaign) from the link, or the flow\\'s default.'",
      "alter table `click` modify `content` varchar(255) null comment 'Content (utm_content) from the link, or the flow\\'s default.'",
      "alter table `click` modify `term` varchar(255) null comment 'Term (utm_term) from the link, or the flow\\'s default.'",
      "alter table `flow` modify `default_source` varchar(255) null comment 'Source of clicks whose link names none.'",
      "alter table `flow` modify `default_medium` varchar(255) null comment 'Medium of clicks whose link names none.'",
      "alter table `flow` modify `default_campaign` varchar(255) null comment 'Campaign of clicks whose link names none.'",
      "alter table `flow` modify `default_content` varchar(255) null comment 'Content of clicks whose link names none.'",
      "alter table `flow` modify `default_term` varchar(255) null comment 'Term of clicks whose link names none.'",
      "alter table `flow` modify `default_sub_id` varchar(255) null comment 'Sub ID of clicks whose link names none.'",
    ],
    sqlite: ["alter table `click` drop column `truncated`"],
  },
};
