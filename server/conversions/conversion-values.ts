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
