import {
  awaitAgain,
  completeBefore,
  heldFrom,
  mayCome,
  START_WITHOUT_MS,
  type WriterState,
} from "../../server/loader/waiting-rule.js";

/** What trackers and readers decide by: the rule of the product, or another to be tried in its place. */
export interface Rule {
  completeBefore: typeof completeBefore;
  mayCome: typeof mayCome;
  awaitAgain: typeof awaitAgain;
  /** How long a tracker that has seen the database come back decides nothing. */
  graceMs: number;
}

export const RULE: Rule = { completeBefore, mayCome, awaitAgain, graceMs: 0 };

/** The rule of before: who was closed is not waited for, and after an outage that one has seen one waits for three seconds. */
export const RULE_OF_BEFORE: Rule = {
  completeBefore: (writers, now, except) =>
    Math.min(now, ...writers.filter(({ id, closed }) => !closed && id !== except).map((writer) => writer.loadedUntil)),
  mayCome: (ms, writers, now, except) => ms >= RULE_OF_BEFORE.completeBefore(writers, now, except) && ms < now + 60_000,
  awaitAgain: () => [],
  graceMs: 3000,
};

const TICK_MS = 100;
const REPORT_MS = 300;
/** A clock is set by less, forward or back. */
const STEP_MAX_MS = 50_000;

interface ModelClick {
  ms: number;
  isStored: boolean;
}

interface Tracker {
  id: number;
  state: "stopped" | "starting" | "running" | "ending";
  isFrozen: boolean;
  /** Whether it has reported since it started. */
  isOpen: boolean;
  hasFailed: boolean;
  isDown: boolean | null;
  failsSince: number | null;
  graceUntil: number;
  reportedAt: number;
  /** By how much its clock is ahead. */
  clock: number;
  /** Its clicks are never from before this, over restarts too. */
  floor: number;
  journal: ModelClick[];
  mark: { until: number; left: number } | null;
  /** A report whose transaction is under way. */
  report: {
    seenAt: number;
    outage: number;
    awaited: Pick<WriterState, "id" | "loadedUntil">[];
    loadedUntil: number;
    clock: number;
    closed: boolean;
  } | null;
  waiting: ModelClick[];
}

/** What the operator, the network and the machine do; what visitors and advertisers do. */
export const steps = [
  ["start", 5],
  ["end", 3],
  ["kill", 2],
  ["freeze", 3],
  ["thaw", 4],
  ["outage", 3],
  ["return", 4],
  ["set clock", 1],
  ["click", 10],
  ["postback", 10],
  ["read", 6],
  ["wait", 14],
] as const;
type Step = (typeof steps)[number][0];
const drawn = steps.flatMap(([step, weight]) => Array<Step>(weight).fill(step));

/** Two trackers, each with a journal of its own, and readers, over one database. */
export class TwoTrackersModel {
  /** What went wrong first; null: nothing did. */
  wrong: string | null = null;
  readonly trace: string[] = [];
  #now = Date.parse("2026-12-01T00:00:00Z");
  #isThere = true;
  #thereSince = 0;
  #outages = 0;
  #given = 0;
  #rows: WriterState[];
  #clicks: ModelClick[] = [];
  #trackers: Tracker[];

  constructor(
    readonly rule: Rule,
    readonly random: () => number,
  ) {
    this.#rows = [1, 2].map((id) => ({
      id,
      loadedUntil: this.#now - 1000,
      seenAt: this.#now - 500,
      awaitedFrom: 0,
      closed: true,
      clockAhead: 0,
    }));
    this.#trackers = [1, 2].map((id) => ({
      id,
      state: "stopped",
      isFrozen: false,
      isOpen: false,
      hasFailed: false,
      isDown: null,
      failsSince: null,
      graceUntil: 0,
      reportedAt: 0,
      clock: 0,
      floor: 0,
      journal: [],
      mark: null,
      report: null,
      waiting: [],
    }));
  }

  /** Does so many steps at random, and stops at the first wrong. */
  run(count: number): void {
    for (let done = 0; done < count && !this.wrong; done += 1) this.#step(this.#any(drawn), this.#any(this.#trackers));
  }

  /** Everything works again for a while. @returns what is still waited for then; null: nothing. */
  settle(): string | null {
    if (!this.#isThere) this.#return();
    for (let tick = 0; tick < 50 + STEP_MAX_MS / TICK_MS && !this.wrong; tick += 1) {
      for (const tracker of this.#trackers) {
        tracker.isFrozen = false;
        if (tracker.state === "stopped") this.#start(tracker);
      }
      this.#tick();
    }
    if (this.wrong) return null;
    const behind = this.#now - this.rule.completeBefore(this.#rows, this.#now);
    // A clock that is behind stays so.
    if (behind > 1000 + STEP_MAX_MS) return `completeUntil is ${behind} ms behind`;
    const waiting = this.#trackers.flatMap((tracker) => tracker.waiting).length;
    return waiting > 0 && this.#trackers.every(({ clock }) => clock >= 0) ? `${waiting} postbacks wait` : null;
  }

  #step(step: Step, tracker: Tracker): void {
    this.trace.push(`${this.#now % 10_000_000} ${step} ${tracker.id}`);
    const { state, isFrozen } = tracker;
    const isThere = state !== "stopped" && !isFrozen;
    if (step === "start" && state === "stopped") this.#start(tracker);
    else if (step === "end" && state === "running" && isThere) tracker.state = "ending";
    else if (step === "kill" && state !== "stopped") this.#stop(tracker);
    else if (step === "freeze" && state !== "stopped") tracker.isFrozen = true;
    else if (step === "thaw" && isFrozen) {
      tracker.isFrozen = false;
      // It notices that it was held up, and begins anew.
      tracker.failsSince = null;
    } else if (step === "outage" && this.#isThere && this.#now - this.#thereSince > 500) {
      this.#isThere = false;
      this.#outages += 1;
      this.#thereSince = this.#now;
    } else if (step === "return" && !this.#isThere && this.#now - this.#thereSince > 500) this.#return();
    else if (step === "set clock") this.#setClock(tracker);
    else if (step === "click" && state === "running" && isThere) this.#click(tracker);
    else if (step === "postback" && state === "running" && isThere) this.#postback(tracker);
    else if (step === "read" && this.#isThere) this.#read();
    else if (step === "wait") this.#wait();
  }

  #start(tracker: Tracker): void {
    tracker.state = "starting";
    this.#timeOf(tracker);
    tracker.isOpen = tracker.hasFailed = false;
    tracker.isDown = tracker.failsSince = tracker.mark = tracker.report = null;
    tracker.graceUntil = tracker.reportedAt = 0;
  }

  #stop(tracker: Tracker): void {
    tracker.state = "stopped";
    tracker.isFrozen = tracker.isOpen = false;
    // A clock that is set back between the last report and a start without the database cannot be borne: nobody sees it.
    const reported = this.#rows.find(({ id }) => id === tracker.id)?.clockAhead ?? 0;
    tracker.clock = Math.max(tracker.clock, reported);
    tracker.report = null;
  }

  #return(): void {
    this.#isThere = true;
    this.#thereSince = this.#now;
  }

  #setClock(tracker: Tracker): void {
    const clock = Math.round((this.random() * 2 - 1) * STEP_MAX_MS);
    if (clock > tracker.clock || tracker.isOpen) tracker.clock = clock;
  }

  /** A tracker's time does not go back, over restarts too. */
  #timeOf(tracker: Tracker): number {
    tracker.floor = Math.max(this.#now + tracker.clock, tracker.floor);
    return tracker.floor;
  }

  #click(tracker: Tracker): void {
    const ms = this.#timeOf(tracker);
    const click = { ms, isStored: false };
    if (ms < this.#given) this.wrong = `A click of tracker ${tracker.id} is behind a completeUntil that was given.`;
    this.#clicks.push(click);
    tracker.journal.push(click);
  }

  /** Of a click of these minutes, whichever tracker had it. */
  #postback(tracker: Tracker): void {
    if (this.#clicks.length === 0) return;
    const click = this.#any(this.#clicks.slice(-10));
    const isPassed = !tracker.journal.includes(click);
    if (!this.#isThere || !tracker.isOpen) tracker.waiting.push(click);
    else if (click.isStored) return;
    else if (!isPassed || this.#now < tracker.graceUntil) tracker.waiting.push(click);
    else if (this.rule.mayCome(click.ms, this.#rows, this.#now, tracker.id)) tracker.waiting.push(click);
    else this.wrong = `Tracker ${tracker.id} calls a click unknown.`;
  }

  #read(): void {
    const until = this.rule.completeBefore(this.#rows, this.#now);
    this.#given = Math.max(this.#given, until);
    if (this.#clicks.some(({ ms, isStored }) => !isStored && ms < until)) this.wrong = "completeUntil is ahead.";
  }

  #wait(): void {
    const chance = this.random();
    // What stands still for long: the whole machine, or all who work there.
    if (chance < 0.05) this.#now += Math.round(this.random() * 3_600_000);
    const ticks = Math.ceil(this.random() * (chance < 0.4 ? 50 : 5));
    for (let tick = 0; tick < ticks && !this.wrong; tick += 1) this.#tick();
  }

  #tick(): void {
    this.#now += TICK_MS;
    for (const tracker of this.#trackers) {
      if (tracker.state === "stopped" || tracker.isFrozen) continue;
      this.#timeOf(tracker);
      if (this.#isThere) this.#work(tracker);
      else this.#fail(tracker);
    }
  }

  #fail(tracker: Tracker): void {
    tracker.hasFailed = tracker.isDown = true;
    tracker.report = null;
    tracker.failsSince ??= this.#now;
    if (tracker.state === "ending") this.#stop(tracker);
    if (tracker.state === "starting" && this.#now - tracker.failsSince > START_WITHOUT_MS) tracker.state = "running";
  }

  /** One round of a loader. */
  #work(tracker: Tracker): void {
    if (tracker.isDown) tracker.graceUntil = this.#now + this.rule.graceMs;
    tracker.isDown = false;
    tracker.failsSince = null;
    if (!tracker.isOpen && !tracker.report) this.#report(tracker, false);
    if (tracker.report) {
      this.#commit(tracker);
      return;
    }
    const loaded = tracker.journal.splice(0, Math.floor(this.random() * (tracker.journal.length + 1)));
    for (const click of loaded) click.isStored = true;
    if (tracker.mark) tracker.mark.left -= loaded.length;
    if (tracker.state === "ending") {
      if (tracker.journal.length > 0) return;
      this.#report(tracker, true);
    } else if (tracker.mark && tracker.mark.left <= 0) {
      this.#report(tracker, false);
    } else if (!tracker.mark && this.#now - tracker.reportedAt >= REPORT_MS) {
      tracker.mark = { until: this.#timeOf(tracker), left: tracker.journal.length };
    }
    // At once, or with time between its statements.
    if (tracker.report && this.random() < 0.7) this.#commit(tracker);
    if (this.#now >= tracker.graceUntil) this.#settleWaiting(tracker);
  }

  #report(tracker: Tracker, closed: boolean): void {
    const row = this.#rows.find(({ id }) => id === tracker.id) as WriterState;
    tracker.report = {
      seenAt: this.#now,
      outage: this.#outages,
      awaited: this.rule.awaitAgain(this.#rows, tracker.id, this.#now, tracker.hasFailed),
      loadedUntil: tracker.mark?.until ?? row.loadedUntil,
      clock: tracker.clock,
      closed,
    };
    tracker.mark = null;
  }

  #commit(tracker: Tracker): void {
    const { report } = tracker;
    tracker.report = null;
    // Its connection has broken.
    if (!report || report.outage !== this.#outages) {
      tracker.hasFailed = true;
      return;
    }
    const { seenAt, awaited, loadedUntil, clock, closed } = report;
    const own = this.#rows.find(({ id }) => id === tracker.id) as WriterState;
    if (!tracker.isOpen) tracker.floor = Math.max(tracker.floor, heldFrom(own, this.#rows));
    this.#rows = this.#rows.map((row) => {
      if (row.id === tracker.id) return { ...row, seenAt, loadedUntil, clockAhead: clock, closed };
      const again = awaited.find(({ id }) => id === row.id);
      if (!again) return row;
      // It may have reported itself meanwhile.
      const loaded = row.closed ? again.loadedUntil : row.loadedUntil;
      return { ...row, awaitedFrom: seenAt, closed: false, loadedUntil: loaded };
    });
    tracker.hasFailed = false;
    tracker.isOpen = true;
    this.#timeOf(tracker);
    tracker.reportedAt = this.#now;
    if (tracker.state === "starting") tracker.state = "running";
    if (closed) this.#stop(tracker);
  }

  #settleWaiting(tracker: Tracker): void {
    const until = this.rule.completeBefore(this.#rows, this.#now);
    tracker.waiting = tracker.waiting.filter((click) => {
      if (!click.isStored && click.ms < until) this.wrong = `Tracker ${tracker.id} calls a click unknown that waited.`;
      return !click.isStored && click.ms >= until;
    });
  }

  #any<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }
}
