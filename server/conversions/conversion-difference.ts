import { MINUTE, startOf } from "../kit/counters.js";
import { momentOf } from "../kit/id.js";
import { CONVERSION_KEY, type ConversionRow } from "./conversion.js";
import { type Change, valuesOf } from "./conversion-values.js";

/** What is different between a conversion as it was, null where there was none, and as it is. */
export function changeOf(before: ConversionRow | null, after: ConversionRow): Change {
  if (!before) return { before: null, after: valuesOf(after) };
  const told = hasMoved(before, after) ? withTime : valuesOf;
  return { before: told(before), after: told(after) };
}

/** Whether a conversion counts in another minute now: by less nobody looks, and what arrives together may overtake. */
export function hasMoved(before: ConversionRow, after: ConversionRow): boolean {
  return minuteOf(before) !== minuteOf(after);
}

/** When a conversion counts, in ISO 8601. */
export function timeOf(conversion: ConversionRow): string {
  return momentOf(conversion[CONVERSION_KEY]).toISOString();
}

function withTime(conversion: ConversionRow): Change["after"] {
  return { ...valuesOf(conversion), createdAt: timeOf(conversion) };
}

function minuteOf(conversion: ConversionRow): number {
  return startOf(momentOf(conversion[CONVERSION_KEY]).getTime(), MINUTE);
}
