import { postbackParameters } from "../generated/postback-parameters";

/** How a postback's parameter was read, and as which of ours. `oneOf`: this one, or another of the payload. */
export interface Reading {
  as: string;
  how: "readAs" | "oneOf" | "unusable";
}

/**
 * Says of the parameters of a postback how they were read: of several names of one parameter the first that is not empty. One
 * that is not named was only kept.
 *
 * A POST has names in its body and in its query, and the body's count: the payload does not tell them apart.
 *
 * @param code  of the answer: `STATUS_UNKNOWN` says that the status could not be used.
 */
export function readingsOf(payload: Record<string, unknown>, method: string, code: string): Map<string, Reading> {
  const isSaid = (name: string) => Object.hasOwn(payload, name) && String(payload[name] ?? "").trim() !== "";
  const readings = new Map<string, Reading>();
  for (const [as, names] of Object.entries(postbackParameters)) {
    const said = names.filter(isSaid);
    const isUnusable = code.startsWith(`${as.toUpperCase()}_`);
    const read = method === "GET" ? said.slice(0, 1) : said;
    for (const name of read) {
      const isTwice = Array.isArray(payload[name]) && code === "PARAMETER_TWICE";
      readings.set(name, { as, how: isUnusable || isTwice ? "unusable" : read.length > 1 ? "oneOf" : "readAs" });
    }
  }
  return readings;
}
