import pino from "pino";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { Click } from "../../server/clicks/click.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { ConversionChange } from "../../server/conversions/conversion-change.js";
import { PostbackDialect } from "../../server/conversions/dialect.js";
import { PostbackLog } from "../../server/conversions/postback-log.js";
import { openWaypostDatabase } from "../../server/database.js";
import { counterTablesOf } from "../../server/kit/counters.js";
import { newId } from "../../server/kit/id.js";
import { count } from "../../server/kit/tally.js";
import { writeTransaction } from "../../server/kit/transaction.js";
import { putAside } from "../../server/loader/store-entries.js";
import { type Waypost } from "./waypost.js";

/** How a postback was read, as GraphQL is asked for it. */
export const READING = "reading { parameter name place value means by warning code message }";

/** What a test says of a row; the dull rest is filled in. `at` is its time, in Unix milliseconds. */
type Said<T> = Partial<T> & { at?: number };

/** A second door to a Waypost's database, to put facts of any time into it. */
export interface Facts {
  clicks(rows: (Said<Click> & { flowId: number })[]): Promise<Click[]>;
  conversions(rows: (Said<Conversion> & { flowId: number })[]): Promise<Conversion[]>;
  logs(rows: Said<PostbackLog>[]): Promise<PostbackLog[]>;
  /** Entries of the history of conversions. */
  changes(rows: (Said<ConversionChange> & { conversionId: string })[]): Promise<ConversionChange[]>;
  /** An entry of the journal that the database has refused. @param kind  1: a click. */
  putAside(kind: number, payload: object, reason: string): Promise<void>;
  /** Takes all clicks and conversions away, and what was counted of them. */
  clear(): Promise<void>;
  execute(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function openFacts(waypost: Waypost): Promise<Facts> {
  const database = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
  async function insert<T extends object>(entity: new () => T, rows: Said<T>[], dull: object): Promise<T[]> {
    const whole = rows.map(({ at = Date.now(), ...row }) => ({ id: newId(at), ...dull, ...row })) as unknown as T[];
    await writeTransaction(database.em, async (em) => {
      await em.insertMany(entity as never, whole as never);
      count(em, entity, whole);
    });
    return whole;
  }
  return {
    clicks: (rows) => insert(Click, rows, DULL_CLICK),
    conversions: (rows) =>
      insert(
        Conversion,
        rows.map((row) => {
          const id = row.id ?? newId(row.at ?? Date.now());
          const other = row.goal == null;
          return { id, firstPostbackId: id, clickHash: newId(row.at ?? Date.now()), other, ...row };
        }),
        { ...DULL_CONVERSION, updatedAt: new Date() },
      ),
    logs: (rows) =>
      insert(
        PostbackLog,
        rows.map((row) => ({ refused: (row.status ?? 200) >= 400, ...row })),
        DULL_LOG,
      ),
    changes: (rows) => insert(ConversionChange, rows, DULL_CHANGE),
    putAside: (kind, payload, reason) =>
      putAside(database.em.fork(), { kind, payload: Buffer.from(JSON.stringify(payload)) }, new Error(reason)),
    clear: async () => {
      const em = database.em.fork();
      for (const fact of [Click, Conversion]) {
        for (const entity of [fact, ...counterTablesOf(fact)]) await em.nativeDelete(entity, {});
      }
    },
    execute: (sql) => database.em.fork().execute(sql),
    close: () => database.close(),
  };
}

export const DULL_CLICK = {
  pathId: null,
  ip: "192.0.2.1",
  country: null,
  subId: null,
  source: null,
  medium: null,
  campaign: null,
  content: null,
  term: null,
  destinationUrl: "https://example.com/",
  userAgent: null,
  referrer: null,
  device: null,
  os: null,
  osVersion: null,
  browser: null,
  browserVersion: null,
  language: null,
  bot: false,
  asn: null,
  isp: null,
  params: {},
};

const DULL_CONVERSION = {
  goal: null,
  goalSentKey: "",
  status: ConversionStatus.PENDING,
  revenue: "0.0000",
  currency: "USD",
  uidKey: "",
  statusFrom: null,
  revenueFrom: null,
  currencyFrom: null,
};

const DULL_CHANGE = {
  userId: null,
  status: null,
  revenue: null,
  currency: null,
  applied: true,
  change: null,
  note: null,
};

const DULL_LOG = {
  uid: null,
  dialect: PostbackDialect.WAYPOST,
  warned: false,
  reading: null,
  change: null,
  flowId: null,
  clickHash: null,
  clickKey: null,
  goal: null,
  status: 200,
  code: "RECORDED",
  message: "Recorded.",
  processedAt: null,
  ip: "192.0.2.1",
  method: "GET",
  payload: {},
  payloadCut: false,
  conversionId: null,
  postbackKeyId: null,
  suppressed: 0,
  replayOfId: null,
};
