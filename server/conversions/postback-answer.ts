import { type Change } from "./conversion-values.js";
import { type PostbackCode, postbackCodes } from "./postback-codes.js";
import { type Verdict } from "./verdict.js";

/** Answers from here on say that a postback was not taken. */
export const REFUSED_MIN = 400;

/** What became of a postback. */
export interface Outcome {
  verdict: Verdict;
  conversionId: string | null;
  /** How the conversion was and is; null where it is as it was. */
  change: Change | null;
  /** What should be mended all the same. */
  warnings: string[];
}

/** What became of a postback that touched no conversion. */
export function withoutConversion(verdict: Verdict, warnings: string[] = []): Outcome {
  return { verdict, conversionId: null, change: null, warnings };
}

/** The codes that postbacks came to which were answered before; not of those that wait still. */
export function endsOf(outcomes: (Outcome | null)[]): PostbackCode[] {
  return outcomes.flatMap((outcome) => (outcome && outcome.verdict.code !== "ACCEPTED" ? outcome.verdict.code : []));
}

/** What is answered, as JSON. */
export interface PostbackAnswer extends Verdict {
  status: number;
  conversionId: string | null;
}

export function answerOf({ verdict: { code, message }, conversionId, warnings }: Outcome): PostbackAnswer {
  return { status: postbackCodes[code].status, code, message: [message, ...warnings].join(" "), conversionId };
}
