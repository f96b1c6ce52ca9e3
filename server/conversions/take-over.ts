import { momentOf } from "../kit/id.js";
import { type Conversion } from "./conversion.js";
import { ConversionStatus } from "./conversion-status.js";
import { VALUES, type Values } from "./conversion-values.js";

/** What is said of a conversion, by a postback or by hand; null: nothing. */
export type Said = { [Value in keyof Values]: Values[Value] | null };

/** What became of what was said. */
export interface Taken {
  /** What is different now, in words: "status pending → approved". */
  changes: string[];
  /** Whether something else had been said later. */
  superseded: boolean;
}

/**
 * Takes over what is said of a conversion at an arrival, unless something that arrived later said it before. Its counts
 * are the caller's to move.
 *
 * @param saidBy  id of what says it: its moment is when the conversion changes, which for a replay is not the arrival.
 */
export function takeOver(conversion: Conversion, said: Said, arrival: string, saidBy = arrival): Taken {
  const changes: string[] = [];
  let superseded = false;
  for (const value of VALUES) {
    const named = said[value];
    if (named === null) continue;
    const from = conversion[`${value}From`];
    if (from !== null && from > arrival) {
      superseded ||= named !== conversion[value];
      continue;
    }
    conversion[`${value}From`] = arrival;
    if (named === conversion[value]) continue;
    changes.push(`${value} ${shown(conversion[value])} → ${shown(named)}`);
    (conversion as Record<typeof value, string>)[value] = named;
  }
  if (changes.length > 0) {
    conversion.updatedAt = new Date(Math.max(momentOf(saidBy).getTime(), conversion.updatedAt.getTime()));
  }
  return { changes, superseded };
}

function shown(value: string): string {
  return Object.hasOwn(ConversionStatus, value) ? value.toLowerCase() : value;
}
