import { useEffect, useState } from "react";
import { useRedirect } from "react-admin";

/**
 * The way from a form whose row was deleted to the list.
 *
 * @returns whether the row is gone, so that the form warns of nothing that was typed, and what says that it is.
 */
export function useLeave(resource: string): [isGone: boolean, leave: () => void] {
  const redirect = useRedirect();
  const [isGone, setGone] = useState(false);
  // In an effect of its own: by then the form has heard that what was typed is gone with the row.
  useEffect(() => {
    if (isGone) redirect("list", resource);
  }, [isGone, redirect, resource]);
  return [isGone, () => setGone(true)];
}
