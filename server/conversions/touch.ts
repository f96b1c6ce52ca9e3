import { momentOf } from "../kit/id.js";
import { type ConversionRow } from "./conversion.js";

/** Notes when a conversion was changed, for those who watch for it. @param by  id of what changed it; of a replay its own. */
export function touch(conversion: ConversionRow, by: string): void {
  conversion.updatedAt = new Date(Math.max(momentOf(by).getTime(), conversion.updatedAt.getTime()));
}
