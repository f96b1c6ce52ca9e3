import { postbackCodes, type Verdict } from "./postback-codes.js";

/** What became of a postback. */
export interface Outcome {
  verdict: Verdict;
  conversionId: string | null;
}

/** What is answered, as JSON. */
export interface PostbackAnswer extends Verdict {
  status: number;
  conversionId: string | null;
}

export function answerOf({ verdict: { code, message }, conversionId }: Outcome): PostbackAnswer {
  return { status: postbackCodes[code].status, code, message, conversionId };
}
