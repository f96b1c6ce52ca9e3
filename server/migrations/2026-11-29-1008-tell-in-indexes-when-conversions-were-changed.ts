import { type MigrationStep } from "../kit/migrate.js";

const KEY = "first_postback_id";
const CHANGED = "updated_at";
const COUNTED = ["flow_id", "goal", "status", "other", "currency"];

/** What each list of conversions is by. */
const ways = [
  [],
  ["click_hash"],
  ["uid_key"],
  ["flow_id"],
  ["goal"],
  ["other"],
  ["status"],
  ["flow_id", "goal"],
  ["flow_id", "other"],
  ["flow_id", "status"],
  ["goal", "status"],
  ["other", "status"],
  ["flow_id", "goal", "status"],
  ["flow_id", "other", "status"],
];

const before = [...ways.map((by) => [...by, KEY]), [CHANGED, KEY]];
const after = [...ways.map((by) => [...by, KEY, CHANGED]), [CHANGED, KEY, ...COUNTED]];

/** MySQL has no longer names than of 64 characters; these end with a hash. */
const shortened: Record<string, string> = {
  conversion_flow_id_goal_status_first_postback_id_updated_at_index:
    "conversion_flow_id_goal_status_first_postback_id_up_d1f5a_index",
  conversion_flow_id_other_status_first_postback_id_updated_at_index:
    "conversion_flow_id_other_status_first_postback_id_u_56d5e_index",
  conversion_updated_at_first_postback_id_flow_id_goal_status_other_currency_index:
    "conversion_updated_at_first_postback_id_flow_id_goa_ae023_index",
};

const nameOf = (columns: string[]) => `conversion_${columns.join("_")}_index`;

/** On MySQL all at once: the table is gone through one time. */
function replace(old: string[][], by: string[][]) {
  const short = (columns: string[]) => shortened[nameOf(columns)] ?? nameOf(columns);
  const parts = [
    ...old.map((columns) => `drop index ${short(columns)}`),
    ...by.map((columns) => `add index ${short(columns)} (${columns.join(", ")})`),
  ];
  return {
    mysql: [`alter table conversion ${parts.join(", ")}`],
    sqlite: [
      ...old.map((columns) => `drop index ${nameOf(columns)}`),
      ...by.map((columns) => `create index ${nameOf(columns)} on conversion (${columns.join(", ")})`),
    ],
  };
}

export const tellInIndexesWhenConversionsWereChanged: MigrationStep = {
  name: "2026-11-29-1008-tell-in-indexes-when-conversions-were-changed",
  up: replace(before, after),
  down: replace(after, before),
};
