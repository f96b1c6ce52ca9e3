import { ConversionStatus } from "../catalog/conversion-status.js";
import { dialects, PostbackDialect } from "./dialect.js";
import { type Postback } from "./read-postback.js";

/** A status that was said of a conversion, and over what it takes effect. */
export interface StatusSaid {
  status: ConversionStatus;
  /**
   * `everything`: whatever was said before. `pending`: a conversion that is new or pending, so that it takes nothing back that
   * was approved or rejected. `nothing`: a new conversion alone.
   */
  over: "everything" | "pending" | "nothing";
}

/** What a postback says of the status, by the convention of its URL, also where it names none. */
export function statusSaidBy({ status, defaultStatus }: Postback, dialect: PostbackDialect): StatusSaid {
  const { PENDING } = ConversionStatus;
  const { unnamedStatus } = dialects[dialect];
  if (dialect === PostbackDialect.WAYPOST) {
    return status ? { status, over: "everything" } : { status: defaultStatus ?? PENDING, over: "nothing" };
  }
  const meant = status ?? unnamedStatus ?? PENDING;
  return { status: meant, over: status === null || status === PENDING ? "pending" : "everything" };
}
