import { type ConversionStatus } from "./conversion-status.js";

/** What postbacks and people say of a conversion; each value remembers the arrival it comes from. */
export const VALUES = ["status", "revenue", "currency"] as const;

export interface Values {
  status: ConversionStatus;
  revenue: string;
  currency: string;
}

/** How a conversion was and is. */
export interface Change {
  /** Null: there was none. */
  before: Values | null;
  after: Values;
}

export function valuesOf({ status, revenue, currency }: Values): Values {
  return { status, revenue, currency };
}
