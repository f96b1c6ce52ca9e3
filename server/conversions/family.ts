import { CURRENCY_DEFAULT } from "../catalog/currency.js";
import { type FlowTerms } from "../catalog/flow-terms.js";
import { momentOf } from "../kit/id.js";
import { formatMoney } from "../kit/money.js";
import { type ConversionRow } from "./conversion.js";
import { type Part, type Parts } from "./conversion-values.js";
import { PostbackDialect } from "./dialect.js";
import { earlier, isDecidedBefore, partsOf, type Said, sayFirst, show } from "./part.js";
import { type Postback } from "./read-postback.js";
import { statusSaidBy } from "./status-said.js";
import { touch } from "./touch.js";

/** A postback for a click that we have, at its arrival. */
export interface ConversionReport {
  postback: Postback;
  dialect: PostbackDialect;
  clickHash: string;
  flow: FlowTerms;
  /** When its values arrived, as an id: arrivals compare by it. */
  arrival: string;
  /** Id of the postback's log entry. */
  entryId: string;
  /** What should be mended, as far as it is known. */
  warnings: string[];
}

/** What a postback did. */
export interface Recorded {
  /** The conversion as it was; null: there was none. */
  before: ConversionRow | null;
  after: ConversionRow;
  said: ReturnType<typeof saidBy>;
}

/** What went over from one conversion to another: everything, or only what was said without a uid. */
export interface Moved {
  click: string;
  from: string;
  to: string;
  all: boolean;
}

/** What is to be stored of conversions. */
interface FamilyOutcome {
  stored: ConversionRow[];
  changed: ConversionRow[];
  made: ConversionRow[];
  removed: ConversionRow[];
  moved: Moved | null;
}

/** The uid of a conversion that has none, as it is stored. */
const UNNAMED = "";

/** A conversion, and the parts that it is made of. */
interface Held {
  row: ConversionRow;
  parts: Parts;
}

/**
 * The conversions of one click with one goal.
 *
 * On Keitaro's path, by order of arrival, the first `tid` takes over the conversion without one, unless that one had been
 * approved or rejected before; what comes without a `tid` means that conversion from then on. Which arrivals that are is
 * known only as far as they are processed, so what was said without a `tid` is kept apart (`Parts`): it goes over to another
 * conversion, or stands alone again, where something that arrived earlier is processed later.
 */
export class Family {
  /** By the uid of the conversion. */
  readonly #held: Map<string, Held>;
  /** As they were stored, by id. */
  readonly #stored: Map<string, ConversionRow>;
  readonly #unnamedWas: string | undefined;

  constructor(rows: ConversionRow[]) {
    this.#held = new Map(rows.map((row) => [row.uidKey, { row: { ...row }, parts: partsOf(row) }]));
    this.#stored = new Map(rows.map((row) => [row.id, row]));
    this.#unnamedWas = this.#unnamedHolder()?.row.id;
  }

  /** Takes over what a postback says. */
  record(report: ConversionReport): Recorded {
    const uid = report.postback.uid ?? UNNAMED;
    const said = saidBy(report);
    const part = this.#say(uid, report, said);
    const unnamedHolder = this.#unnamedHolder();
    const unnamed = uid === UNNAMED ? part : unnamedOf(unnamedHolder);
    const target = this.#targetOf(unnamed, uid, part);
    const before = new Map<string, ConversionRow>();
    for (const held of [unnamedHolder, this.#held.get(uid), this.#held.get(target)]) {
      if (held) before.set(held.row.id, { ...held.row });
    }
    if (uid !== UNNAMED && !this.#held.has(uid)) {
      const takesOver = target === uid && unnamedHolder?.row.uidKey === UNNAMED;
      if (takesOver) this.#rename(unnamedHolder, uid);
      else this.#add(uid, report);
    }
    if (uid !== UNNAMED) (this.#held.get(uid) as Held).parts.own = part;
    if (unnamed) this.#moveUnnamed(unnamed, target, report);

    const own = (uid === UNNAMED ? this.#unnamedHolder() : this.#held.get(uid)) as Held;
    for (const held of new Set([unnamedHolder, this.#held.get(target), own])) {
      if (!held || this.#held.get(held.row.uidKey) !== held) continue;
      show(held.row, held.parts);
      const was = before.get(held.row.id);
      if (held !== own && was && !isAlike(was, held.row)) touch(held.row, report.entryId);
    }
    return { before: before.get(own.row.id) ?? null, after: own.row, said };
  }

  /** The conversion that a uid means now. */
  conversionOf(uid: string | null): ConversionRow {
    return ((uid === null ? this.#unnamedHolder() : this.#held.get(uid)) as Held).row;
  }

  /** What is to be stored: of those as they were stored each is changed or removed. */
  outcome(): FamilyOutcome {
    const rows = [...this.#held.values()].map(({ row }) => row);
    const ids = new Set(rows.map(({ id }) => id));
    const stored = [...this.#stored.values()];
    const removed = stored.filter(({ id }) => !ids.has(id));
    return {
      stored,
      changed: rows.filter(({ id }) => this.#stored.has(id)),
      made: rows.filter(({ id }) => !this.#stored.has(id)),
      removed,
      moved: this.#moved(removed.length > 0),
    };
  }

  /** What had been stored without a uid went over from one conversion to another, if so. */
  #moved(all: boolean): Moved | null {
    const from = this.#unnamedWas;
    const { id: to, clickHash: click } = this.#unnamedHolder()?.row ?? {};
    return from && to && click && from !== to ? { click, from, to, all } : null;
  }

  /** The part of a uid with what a postback adds to it. */
  #say(uid: string, { arrival, dialect, ...report }: ConversionReport, said: Recorded["said"]): Part {
    const known = uid === UNNAMED ? unnamedOf(this.#unnamedHolder()) : this.#held.get(uid)?.parts.own;
    const part = known ?? newPart({ arrival, dialect, ...report }, said);
    sayFirst(part, said, arrival);
    if (uid !== UNNAMED && dialect === PostbackDialect.KEITARO) part.tidFrom = earlier(part.tidFrom, arrival);
    return part;
  }

  /** The uid of the conversion that what has no uid belongs to. */
  #targetOf(unnamed: Part | undefined, uid: string, part: Part): string {
    let first: { uid: string; tidFrom: string } | null = null;
    const own: [string, Part][] = [...this.#held].map(([each, { parts }]) => [each, parts.own]);
    for (const [each, { tidFrom }] of [...own, [uid, part] as const]) {
      if (each !== UNNAMED && tidFrom && (!first || tidFrom < first.tidFrom)) first = { uid: each, tidFrom };
    }
    return unnamed && first && !isDecidedBefore(unnamed, first.tidFrom) ? first.uid : UNNAMED;
  }

  #unnamedHolder(): Held | undefined {
    return this.#held.get(UNNAMED) ?? [...this.#held.values()].find(({ parts }) => parts.unnamed);
  }

  #rename(held: Held, uid: string): void {
    this.#held.delete(UNNAMED);
    held.row.uidKey = uid;
    held.parts = { own: held.parts.own, unnamed: held.parts.own };
    this.#held.set(uid, held);
  }

  #add(uid: string, report: ConversionReport): void {
    const row = newRow(report, uid);
    this.#held.set(uid, { row, parts: partsOf(row) });
  }

  #moveUnnamed(unnamed: Part, target: string, report: ConversionReport): void {
    const from = this.#unnamedHolder();
    if (from && from.row.uidKey !== target) {
      if (from.row.uidKey === UNNAMED) this.#held.delete(UNNAMED);
      else from.parts.unnamed = null;
      if (from.row.uidKey !== UNNAMED) show(from.row, from.parts);
    }
    if (target === UNNAMED && !this.#held.has(UNNAMED)) this.#add(UNNAMED, report);
    const to = this.#held.get(target) as Held;
    to.parts[target === UNNAMED ? "own" : "unnamed"] = unnamed;
  }
}

function unnamedOf(held: Held | undefined): Part | undefined {
  return held && (held.row.uidKey === UNNAMED ? held.parts.own : (held.parts.unnamed ?? undefined));
}

function saidBy({ postback, dialect }: ConversionReport): Said & { status: NonNullable<Said["status"]> } {
  const { revenue, currency } = postback;
  return { status: statusSaidBy(postback, dialect), revenue, currency };
}

/** What nothing was said of is as the flow's goal has it. */
function newPart({ postback, flow, arrival }: ConversionReport, { status }: Recorded["said"]): Part {
  const goal = postback.goal === null ? undefined : flow.goals.get(postback.goal);
  return {
    firstPostbackId: arrival,
    status: status.status,
    statusFrom: null,
    revenue: goal?.revenue ?? formatMoney(0n),
    revenueFrom: null,
    currency: goal?.currency ?? CURRENCY_DEFAULT,
    currencyFrom: null,
    approvedFrom: null,
    decidedFrom: null,
    tidFrom: null,
  };
}

function newRow(report: ConversionReport, uid: string): ConversionRow {
  const { postback, clickHash, flow, entryId } = report;
  const goal = postback.goal === null ? undefined : flow.goals.get(postback.goal);
  const { approvedFrom: _, decidedFrom: __, tidFrom: ___, ...values } = newPart(report, saidBy(report));
  return {
    id: entryId,
    clickHash,
    goalSentKey: postback.goal ?? "",
    uidKey: uid,
    flowId: flow.flow.id,
    goal: goal?.key ?? null,
    other: goal === undefined,
    ...values,
    parts: null,
    updatedAt: momentOf(entryId),
  };
}

function isAlike(one: ConversionRow, other: ConversionRow): boolean {
  return JSON.stringify({ ...one, parts: null }) === JSON.stringify({ ...other, parts: null });
}
