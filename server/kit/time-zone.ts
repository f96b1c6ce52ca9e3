import { IANAZone } from "luxon";

/** Offsets such as `+05:30`, which some platforms take for zones; a day's numbers need the zone's own rules. */
const OFFSET = /^[+-]\d/;

/** Whether a text is the name of an IANA time zone. */
export function isTimeZone(text: string): boolean {
  return IANAZone.isValidZone(text) && !OFFSET.test(text);
}
