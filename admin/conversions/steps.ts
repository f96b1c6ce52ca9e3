import { type Conversion, type ConversionStatus } from "../generated/types.js";

/** What a conversion is at a moment, as far as its history says it. */
export interface State {
  status: ConversionStatus | null;
  revenue: string | null;
  currency: string | null;
}

/** What an entry of a history made of the conversion. */
export interface Step {
  before: State;
  after: State;
}

const UNKNOWN: State = { status: null, revenue: null, currency: null };

/**
 * What each entry of a conversion's history changed, by its id.
 *
 * The entry that recorded the conversion has its id and comes first, even where others arrived before it; one that had no
 * effect is not among them.
 */
export function stepsOf({ id, history }: Pick<Conversion, "id" | "history">): Map<string, Step> {
  const inOrder = history
    .filter(({ applied }) => applied)
    .toSorted((a, b) => Number(b.id === id) - Number(a.id === id));
  const steps = new Map<string, Step>();
  let before = UNKNOWN;
  for (const entry of inOrder) {
    const after = {
      status: entry.status ?? before.status,
      revenue: entry.revenue ?? before.revenue,
      currency: entry.currency ?? before.currency,
    };
    steps.set(entry.id, { before, after });
    before = after;
  }
  return steps;
}
