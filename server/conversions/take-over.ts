import { ConversionStatus } from "../catalog/conversion-status.js";
import { momentOf } from "../kit/id.js";
import { type ConversionRow } from "./conversion.js";
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
 */
export function takeOver(conversion: ConversionRow, said: Said, arrival: string): Taken {
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
  return { changes, superseded };
}

/** Notes when a conversion was changed, for those who watch for it. @param by  id of what changed it; of a replay its own. */
export function touch(conversion: ConversionRow, by: string): void {
  conversion.updatedAt = new Date(Math.max(momentOf(by).getTime(), conversion.updatedAt.getTime()));
}

function shown(value: string): string {
  return Object.hasOwn(ConversionStatus, value) ? value.toLowerCase() : value;
}
