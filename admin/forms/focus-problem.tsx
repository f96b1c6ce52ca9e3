import { useEffect } from "react";
import { useFormState } from "react-hook-form";

/** After a save that was refused: goes to the first field that is wrong. */
export function FocusProblem() {
  const { submitCount, isSubmitting } = useFormState();
  const isRefused = submitCount > 0 && !isSubmitting;
  useEffect(() => {
    if (!isRefused) return;
    document.querySelector<HTMLElement>("form [aria-invalid=true]")?.focus();
  }, [isRefused]);
  return null;
}
