import { type FieldErrors, get } from "react-hook-form";

/** What is wrong with a place of a form itself, as the server said it; problems further inside are not meant. */
export function problemAt(errors: FieldErrors, source: string): string | null {
  const { message, root } = (get(errors, source) ?? {}) as { message?: unknown; root?: { message?: unknown } };
  const found = message ?? root?.message;
  return typeof found === "string" ? found : null;
}
