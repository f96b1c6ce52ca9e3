import { type PostbackLog } from "../generated/types";

/** The code of a postback; with what became of it where that was later than its answer. */
export function codeText({ code, outcome }: Pick<PostbackLog, "code" | "outcome">): string {
  return outcome ? `${code} → ${outcome}` : code;
}
