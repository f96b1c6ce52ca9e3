import { useId } from "react";

/**
 * How a form asks for the record it changes: when it is opened, for itself alone. A record from before (from a list, or from when
 * the form was open last) would be there at once, and the answer that follows would put its values over what was typed meanwhile.
 */
export function useFormQuery() {
  const form = useId();
  return { refetchOnWindowFocus: false, gcTime: 0, meta: { form } } as const;
}
