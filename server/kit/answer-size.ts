import { type GraphQLFormattedError } from "#graphql";

/** Longest answer to a GraphQL request, in bytes before it is compressed. */
export const ANSWER_MAX = 16_000_000;

interface Answer {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[];
}

/** An answer as JSON; one that is too long becomes a TOO_LARGE, before it is written. @param max  in bytes */
export function stringifyAnswer(answer: Answer, max = ANSWER_MAX): string {
  if (isLongerThan(answer, max)) return tooLong(max);
  const text = JSON.stringify(answer);
  return Buffer.byteLength(text) > max ? tooLong(max) : `${text}\n`;
}

function tooLong(max: number): string {
  const message = `The answer has more than ${max / 1_000_000} MB: ask in several, for fewer rows or fields.`;
  return JSON.stringify({ errors: [{ message, extensions: { code: "TOO_LARGE" } }], data: null });
}

/** Whether the JSON of a value is surely longer: its texts, names and signs are added up until they are. */
function isLongerThan(value: unknown, max: number): boolean {
  let left = max;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    left -= typeof next === "string" ? next.length + 2 : 1;
    if (typeof next === "object" && next !== null) {
      for (const [name, inner] of Object.entries(next)) {
        if (!Array.isArray(next)) left -= name.length + 3;
        open.push(inner);
      }
    }
    if (left < 0) return true;
  }
  return false;
}
