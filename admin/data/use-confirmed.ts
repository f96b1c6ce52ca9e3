import { useMutation } from "@tanstack/react-query";
import { type HttpError, useRefresh, useTranslate } from "react-admin";
import { ask } from "./client";

interface Confirming<Result> {
  onDone: (result: Result) => void;
  /** When there are others than were counted. */
  onStale?: () => void;
}

/** Something that is done to as many as somebody has seen and confirmed. */
interface Confirmed<Variables> {
  act: (variables: Variables) => void;
  isPending: boolean;
  /** Why it did not work, in words. */
  problem: string | null;
}

/**
 * Does to many what was confirmed, and has everything shown anew.
 *
 * @param document  a mutation that takes their number as `expected` and answers as `result`.
 */
export function useConfirmed<Result, Variables extends { expected: number }>(
  document: string,
  { onDone, onStale }: Confirming<Result>,
): Confirmed<Variables> {
  const translate = useTranslate();
  const refresh = useRefresh();
  const { mutate, isPending, error } = useMutation<Result, HttpError, Variables>({
    mutationFn: async (variables) => (await ask<{ result: Result }>(document, { ...variables })).result,
    onSuccess: (result) => {
      refresh();
      onDone(result);
    },
    onError: (refused) => {
      if (refused.body?.errors?.expected) onStale?.();
    },
  });
  return { act: mutate, isPending, problem: error && translate(error.message, { _: error.message }) };
}
