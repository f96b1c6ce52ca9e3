import { type PostbackCode, postbackCodes } from "./postback-codes.js";

/** A code with its message in full. */
export interface Verdict {
  code: PostbackCode;
  message: string;
}

type Details<C extends PostbackCode> = Parameters<(typeof postbackCodes)[C]["message"]>;

/** Fills in the message of a code. */
export function verdict<C extends PostbackCode>(code: C, ...details: Details<C>): Verdict {
  const message = postbackCodes[code].message as (...details: unknown[]) => string;
  return { code, message: message(...details) };
}

/** A postback that goes no further than the door. */
export class PostbackRefusal extends Error {
  readonly code: PostbackCode;

  constructor(readonly verdict: Verdict) {
    super(verdict.message);
    this.code = verdict.code;
  }
}

export function refusal<C extends PostbackCode>(code: C, ...details: Details<C>): PostbackRefusal {
  return new PostbackRefusal(verdict(code, ...details));
}
