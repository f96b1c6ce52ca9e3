import { isHash } from "../cells/hash";
import { type PostbackLog } from "../generated/types";

/** The hash of the click that a postback names: as it was read, else as sent where that is one; null: it names none. */
export function namedClick({ clickHash, reading }: Pick<PostbackLog, "clickHash" | "reading">): string | null {
  const means = reading?.find(({ parameter }) => parameter === "click")?.means;
  const hash = (means ?? clickHash ?? "").trim().toLowerCase();
  return isHash(hash) ? hash : null;
}
