import { type ConversionStatus } from "../catalog/conversion-status.js";

/** What postbacks and people say of a conversion; each value remembers the arrival it comes from. */
export const VALUES = ["status", "revenue", "currency"] as const;

export interface Values {
  status: ConversionStatus;
  revenue: string;
  currency: string;
}

/** Values, and in ISO 8601 when the conversion counts where that has changed. */
type Told = Values & { createdAt?: string };

/** How a conversion was and is. */
export interface Change {
  /** Null: there was none. */
  before: Told | null;
  after: Told;
}

/** What people read of a change. */
export const CHANGE_TOLD =
  "Status, revenue and currency of the conversion before and after, and when it counts where that has changed; none: it changed nothing.";

export function valuesOf({ status, revenue, currency }: Values): Values {
  return { status, revenue, currency };
}

/**
 * What was said of a conversion under one uid, as far as it still decides. The same is left in whatever order it is
 * processed: each value is that of an arrival, and arrivals (ids) compare.
 */
export interface Part extends Values {
  /** The first arrival; where no other said one, it says the status. */
  firstPostbackId: string;
  /** The arrival that the status comes from; null: the first, which may be overruled by any that says one. */
  statusFrom: string | null;
  revenueFrom: string | null;
  currencyFrom: string | null;
  /** The last arrival that approves what is pending. */
  approvedFrom: string | null;
  /** The first arrival that approved or rejected. */
  decidedFrom: string | null;
  /** The first arrival on Keitaro's path that named this uid as its `tid`. */
  tidFrom: string | null;
}

/** The parts that a conversion is made of: that of its own uid, and that without one if its `tid` has taken it over. */
export interface Parts {
  own: Part;
  unnamed: Part | null;
}
