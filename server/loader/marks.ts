import { isBefore, type Position } from "../kit/journal/segments.js";
import { type Mark } from "./calls.js";

/** How often it is reported up to when all clicks are stored, in milliseconds; idle or not. */
const REPORT_MS = 300;

export interface MarksParts {
  /** Asks the writer for a mark. */
  ask: () => Promise<Mark>;
  /** How far the journal is loaded. */
  position: () => Position;
  /** Told of marks that have been passed. */
  passed: (mark: Mark) => Promise<void>;
  /** Told now and then while a mark has yet to be passed: the loader is at work, however much there is to load. */
  atWork: () => Promise<void>;
  /** Has the loader go on at once. */
  wake: () => void;
  /** How long one who asks waits for the journal at most, in milliseconds. */
  waitMs: number;
}

/** Follows a journal's loader: who waits for a place to be passed hears of it, and every passed moment is reported. */
export interface Marks {
  /** To be called whenever the loader has gone on, and when it is idle. */
  check(): Promise<void>;
  /** Resolves when all that is in the journal now is loaded; false when it takes too long. */
  pass(): Promise<boolean>;
}

export function createMarks({ ask, position, passed, atWork, wake, waitMs }: MarksParts): Marks {
  let next: Mark | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  const waiting = new Set<{ place: Position; resolve: (isPassed: boolean) => void }>();
  const isPassed = (place: Position) => !isBefore(position(), place);

  return {
    check: async () => {
      for (const one of waiting) if (isPassed(one.place)) one.resolve(true);
      if (next && isPassed(next.position)) {
        await passed(next);
        next = null;
      }
      if (performance.now() - askedAt < REPORT_MS) return;
      askedAt = performance.now();
      if (next) await atWork();
      void ask().then((mark) => {
        next ??= mark;
      });
    },
    pass: async () => {
      const { position: place } = await ask();
      if (isPassed(place)) return true;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const one = { place, resolve };
      waiting.add(one);
      const timer = setTimeout(resolve, waitMs, false);
      wake();
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(one);
      }
    },
  };
}
