import { type EntityManager } from "@mikro-orm/sql";
import { isSqlite } from "./column-types.js";
import { SECOND_MS, type Span } from "./counters.js";

/** SQL for where the span begins that an id's moment is in, in seconds since 1970. SQLite reads hexadecimal only as JSON5. */
export function spanOfId(em: EntityManager, id: string, span: Span): string {
  return isSqlite(em.getPlatform())
    ? `json_extract('0x' || hex(substr(${id}, 1, 6)), '$') / ${span * SECOND_MS} * ${span}`
    : `conv(hex(left(${id}, 6)), 16, 10) div ${span * SECOND_MS} * ${span}`;
}

/** The same for an instant's column. */
export function spanOfInstant(em: EntityManager, instant: string, span: Span): string {
  return `${instant} ${isSqlite(em.getPlatform()) ? "/" : "div"} ${span * SECOND_MS} * ${span}`;
}
