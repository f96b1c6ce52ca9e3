import { postbackParameters } from "../generated/postback-parameters";

/** How a postback's parameter was read: as which of ours, and whether that could be used. Null: it was only kept. */
export interface Reading {
  as: string;
  usable: boolean;
}

/**
 * Says of every parameter of a payload how it was read: of several names of one parameter the first that is not empty.
 *
 * @param code  of the answer: `STATUS_UNKNOWN` says that the status could not be used.
 */
export function readingsOf(payload: Record<string, unknown>, code: string): Map<string, Reading> {
  const isSaid = (name: string) => Object.hasOwn(payload, name) && String(payload[name] ?? "").trim() !== "";
  const readings = new Map<string, Reading>();
  for (const [as, names] of Object.entries(postbackParameters)) {
    const name = names.find(isSaid);
    if (name) readings.set(name, { as, usable: !code.startsWith(`${as.toUpperCase()}_`) });
  }
  return readings;
}
