import { computers, origins, phones } from "../server/demo/people.ts";
import { subIds } from "../server/demo/scenery.ts";

/** What is inserted at once: rows of each table, as SQL. */
export interface Batch {
  click: string[];
  conversion: string[];
  postback_log: string[];
}

export const columns: Record<keyof Batch, string> = {
  click:
    "id, flow_id, path_id, ip, country, sub_id, source, destination_url, user_agent, device, os, browser, language, bot, params",
  conversion:
    "id, first_postback_id, click_hash, flow_id, goal, other, goal_sent_key, status, revenue, currency, uid_key, updated_at",
  postback_log:
    "id, flow_id, click_hash, click_key, goal, uid, status, refused, code, warned, message, ip, method, dialect, payload, payload_cut, conversion_id, postback_key_id, suppressed",
};

export const FLOWS = 20;

const MINUTE = 60_000;
const MINUTES = 1440;
const ROWS_MAX = 4000;
const COUNTRIES = "US DE BR IN GB FR MX ID ES IT CA PL TR PH VN TH NL AU ZA EG NG AR CO PE CL SE CH AT BE PT".split(
  " ",
);
const sources = origins.map(({ source }) => source);
const userAgents = [...phones, ...computers].map(({ userAgent }) => userAgent);
const GOALS = ["lead", "sale"];
/** Postback keys are that many at least; most postbacks come with the first. */
export const KEYS = 3;
/** This share of conversions is changed later, on average after so long. */
const CHANGED_LATER = 0.4;
const CHANGED_AFTER_MS = 5 * 86_400_000;
const REFUSALS = [
  [404, "CLICK_UNKNOWN"],
  [422, "CLICK_MACRO"],
  [422, "STATUS_UNKNOWN"],
] as const;

/** A day's clicks with their conversions and postbacks, up to now: few at night, many in the afternoon, the same in every run. */
export function* trafficOf(
  day: number,
  clicks: number,
  crowd: { minute: number; clicks: number } | null,
): Generator<Batch> {
  const random = createRandom(day / 86_400_000);
  let batch: Batch = { click: [], conversion: [], postback_log: [] };
  let owed = 0;
  for (let minute = 0; minute < MINUTES && day + minute * MINUTE < Date.now(); minute += 1) {
    owed += (clicks / MINUTES) * (1 - 0.8 * Math.cos((2 * Math.PI * minute) / MINUTES));
    const isCrowded = crowd !== null && minute >= crowd.minute && minute < crowd.minute + 15;
    const count = Math.floor(owed) + (isCrowded ? Math.round(crowd.clicks / 15) : 0);
    owed -= Math.floor(owed);
    for (let index = 0; index < count; index += 1) {
      addClick(batch, random, day + minute * MINUTE + ((index + random()) * MINUTE) / count);
      if (batch.click.length < ROWS_MAX) continue;
      yield batch;
      batch = { click: [], conversion: [], postback_log: [] };
    }
  }
  yield batch;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32's constants; any would do). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function addClick(batch: Batch, random: () => number, ms: number): void {
  const pick = <T>(values: readonly T[], skew = 1) => oneOf(random, values, skew);
  const id = hexId(ms, random);
  const flow = 1 + Math.floor(random() ** 2 * FLOWS);
  const [country, agent, subId] = [pick(COUNTRIES, 2), pick(userAgents), pick(subIds)];
  batch.click.push(
    `(X'${id}',${flow},${flow},'203.0.113.${Math.floor(random() * 250)}',${random() < 0.02 ? "null" : `'${country}'`},` +
      `'${subId}','${pick(sources)}','https://offer${flow}.example/?click=${id}&sub=${subId}','${agent}','mobile','Android','Chrome','en',0,'{}')`,
  );
  if (random() < 0.02) addConversion(batch, random, { id, flow, ms: ms + random() * 5 * MINUTE });
  if (random() < 0.01) addRefusal(batch, random, ms);
}

function addConversion(batch: Batch, random: () => number, click: { id: string; flow: number; ms: number }): void {
  const id = hexId(click.ms, random);
  const goal = random() < 0.2 ? null : (GOALS[random() < 0.7 ? 0 : 1] as string);
  const status = random() < 0.6 ? "APPROVED" : random() < 0.75 ? "PENDING" : "REJECTED";
  const revenue = Math.floor(random() * 500) * 1_000_000;
  const changedAt = click.ms + (random() < CHANGED_LATER ? -Math.log(1 - random()) * CHANGED_AFTER_MS : 0);
  const updatedAt = Math.floor(changedAt < Date.now() ? changedAt : click.ms);
  batch.conversion.push(
    `(X'${id}',X'${id}',X'${click.id}',${click.flow},${goal ? `'${goal}'` : "null"},${goal ? 0 : 1},'${goal ?? ""}','${status}',${revenue},` +
      `'${random() < 0.8 ? "USD" : "EUR"}','order-${id.slice(-8)}',${updatedAt})`,
  );
  const warned = random() < 0.05 ? 1 : 0;
  batch.postback_log.push(
    `(X'${id}',${click.flow},'${click.id}','${click.id}','${goal ?? ""}','order-${id.slice(-8)}',200,0,'RECORDED',${warned},` +
      `'Recorded.','198.51.100.7','GET','WAYPOST','{}',0,X'${id}',${keyOf(random)},0)`,
  );
}

function addRefusal(batch: Batch, random: () => number, ms: number): void {
  const [status, code] = oneOf(random, REFUSALS);
  const warned = random() < 0.1 ? 1 : 0;
  batch.postback_log.push(
    `(X'${hexId(ms, random)}',null,'{clickid}','{clickid}',null,null,${status},1,'${code}',${warned},` +
      `'No click.','198.51.100.7','GET','WAYPOST','{}',0,null,${keyOf(random)},0)`,
  );
}

function oneOf<T>(random: () => number, values: readonly T[], skew = 1): T {
  return values[Math.floor(random() ** skew * values.length)] as T;
}

function keyOf(random: () => number): number {
  return 1 + Math.floor(random() ** 2 * KEYS);
}

function hexId(ms: number, random: () => number): string {
  const part = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return Math.floor(ms).toString(16).padStart(12, "0") + (part() + part() + part()).slice(0, 20);
}
