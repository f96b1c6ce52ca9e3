import { type EntityManager } from "@mikro-orm/sql";
import { Click } from "../../server/clicks/click.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { PostbackLog } from "../../server/conversions/postback-log.js";
import { type Seed } from "./plans.js";
import { type DatabaseName } from "./waypost.js";

/** Between one fact and the next. */
export const STEP_MS = 200;
/** How many of each kind, and when: evenly over half a day, with a midnight in it. */
export const MANY = 200_000;
export const MANY_FROM = Date.parse("2026-04-01T18:00:00.000Z");
export const MANY_TO = MANY_FROM + MANY * STEP_MS;

/** The id of the fact of this number, from 0. */
export function idOfFact(number: number): string {
  const [time, rest] = [(MANY_FROM + number * STEP_MS).toString(16), number.toString(16)];
  return time.padStart(12, "0") + rest.padStart(20, "0");
}

/** SQL for the numbers of so many facts, as `i`, from 0, in order: rows that come in the order of their ids are indexed far faster. */
export function manyNumbers(): string {
  const digits = `(${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `select ${digit} as d`).join(" union all ")})`;
  const places = [1, 10, 100, 1000, 10_000, 100_000];
  const number = places.map((place, index) => `${place} * p${index}.d`).join(" + ");
  return `(select ${number} as i from ${places.map((_, index) => `${digits} p${index}`).join(", ")}) numbers where i < ${MANY} order by i`;
}

/** Values come in shares: flow 7 has one row in 7,000, country IS, bots and goal rare one in 1,000. */
export const manyFacts: Seed = { facts: [Click, Conversion, PostbackLog], fill: fillManyFacts };

async function fillManyFacts(em: EntityManager, database: DatabaseName): Promise<void> {
  const numbers = manyNumbers();
  const id = (i: string) =>
    database === "SQLite"
      ? `unhex(printf('%012X%020X', ${MANY_FROM} + ${i} * ${STEP_MS}, ${i}))`
      : `unhex(concat(lpad(hex(${MANY_FROM} + ${i} * ${STEP_MS}), 12, '0'), lpad(hex(${i}), 20, '0')))`;
  const flow = "case when i % 7000 = 0 then 7 else 1 + i % 6 end";
  const goal = "case when i % 1000 = 0 then 'rare' when i % 3 = 0 then 'sale' when i % 3 = 1 then 'lead' end";
  const status = "case when i % 100 = 0 then 'REJECTED' when i % 5 = 0 then 'PENDING' else 'APPROVED' end";
  const answer = "case when i % 500 = 0 then 404 when i % 50 = 0 then 422 else 200 end";
  const code = "case when i % 500 = 0 then 'CLICK_UNKNOWN' when i % 50 = 0 then 'STATUS_UNKNOWN' else 'RECORDED' end";

  await em.execute(`insert into click (id, flow_id, ip, country, destination_url, bot, params)
    select ${id("i")}, ${flow}, '192.0.2.1', case when i % 1000 = 0 then 'IS' when i % 2 = 0 then 'US' when i % 3 = 0 then 'DE' end,
    'https://example.com/', i % 1000 = 500, '{}' from ${numbers}`);
  await em.execute(`insert into conversion (id, first_postback_id, click_hash, flow_id, goal, other, goal_sent_key, status,
    revenue, currency, uid_key, updated_at)
    select ${id("i")}, ${id("i")}, ${id("(i - i % 4)")}, ${flow}, ${goal}, (${goal}) is null, concat('g', i % 4), ${status}, 100000000,
    'USD', concat('u', i - i % 5), ${MANY_FROM} + i * ${STEP_MS} from ${numbers}`);
  await em.execute(`insert into postback_log (id, flow_id, postback_key_id, click_hash, click_key, uid, status, refused, code, warned,
    message, ip, method, dialect, payload, payload_cut, suppressed)
    select ${id("i")}, case when i % 50 <> 0 then ${flow} end, case when i % 5000 = 0 then 2 else 1 end, concat('c', i - i % 3),
    concat('c', i - i % 3), concat('u', i - i % 5), ${answer}, (${answer}) >= 400, ${code}, i % 400 = 3, 'Recorded.', '192.0.2.1',
    'GET', 'WAYPOST', '{}', 0, 0 from ${numbers}`);
}
