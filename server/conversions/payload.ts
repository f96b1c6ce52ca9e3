import { type SentParameters } from "./read-body.js";

/** How much of a payload is kept, in bytes of its JSON. */
export const PAYLOAD_MAX = 8 * 1024;

/** What a postback log entry keeps of the parameters as sent. */
export interface Payload {
  payload: Record<string, unknown>;
  /** Whether something is missing; a text that was cut ends in an ellipsis. */
  payloadCut: boolean;
}

/** The parameters as one object, a repeated name as an array; cut where they are longer than is kept. */
export function createPayload(sent: SentParameters): Payload {
  const kept: [string, unknown][] = [];
  /** Without the braces; a colon and a comma are counted with each parameter, and the first has no comma. */
  let left = PAYLOAD_MAX - 2 + 1;
  for (const [name, values] of sent) {
    const value = values.length === 1 ? values[0] : values;
    const bytes = sizeOf(name) + sizeOf(value) + 2;
    if (bytes > left) {
      const room = left - sizeOf(name) - sizeOf("…") - 2;
      if (typeof value === "string" && room > 0) kept.push([name, cutText(value, room)]);
      return { payload: Object.fromEntries(kept), payloadCut: true };
    }
    kept.push([name, value]);
    left -= bytes;
  }
  return { payload: Object.fromEntries(kept), payloadCut: false };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}

/** The longest beginning of a text whose JSON is at most `bytes` long, quotes aside. */
function cutText(text: string, bytes: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += sizeOf(character) - 2;
    if (used > bytes) break;
    end += character.length;
  }
  return `${text.slice(0, end)}…`;
}
