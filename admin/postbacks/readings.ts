import { type PostbackLog } from "../generated/types";

/** How a parameter of a postback was read, as the log keeps it. */
export interface Reading {
  /** Ours: `click`, `status`, `approved_status`. */
  parameter: string;
  /** The name it was sent under, and where. */
  name: string;
  place: "body" | "query";
  value: string;
  /** What counts of it; none: nothing does. */
  means?: string;
  /** Of a word for a status: who says what it means. */
  by?: "URL" | "KEY" | "BUILT_IN";
  warning?: string;
}

/** The parameters that were found, in the order they were read in; none where the postback was turned away before. */
export function readingsOf({ reading }: Pick<PostbackLog, "reading">): Reading[] {
  return (reading ?? []) as Reading[];
}
