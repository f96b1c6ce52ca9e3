import { createContext, type MutableRefObject, useContext, useRef, useState } from "react";
import { type HttpError, type SaveContextValue, useDataProvider, useSaveContext } from "react-admin";
import { type Change, type Resource } from "../schema/resources";
import { type Difference, differencesOf, type Versions } from "./merge";

type Values = Record<string, unknown>;

/** What is stored otherwise than it was typed, because somebody else has saved meanwhile. */
export interface Conflict extends Versions {
  differences: Difference[];
}

export interface Saving {
  change: Change;
  /** @returns what is wrong, by field; what no field is wrong for under `root.serverError`. */
  save: (values: Values) => Promise<Values | undefined>;
  conflict: Conflict | null;
  /** Goes on from what is stored now. */
  beginFrom: (stored: Values) => void;
  /** Back to what was typed. */
  leaveConflict: () => void;
}

const SavingContext = createContext<Saving | null>(null);
export const SavingProvider = SavingContext.Provider;

/** How the form around saves. */
export function useSavingContext(): Saving {
  const saving = useContext(SavingContext);
  if (!saving) throw new Error("There is no form around.");
  return saving;
}

/**
 * Saves once however often it is asked to, says of nothing that it is saved that is not, and undoes nobody's work: where somebody
 * else has saved since the form began, it compares and lets the person choose.
 *
 * @param base  what the form began with.
 */
export function useSaving(resource: Resource, change: Change, base: MutableRefObject<Values>): Saving {
  const { save: send } = useSaveContext() as Required<Pick<SaveContextValue, "save">>;
  const dataProvider = useDataProvider();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const running = useRef<Promise<Values | undefined> | null>(null);

  async function attempt(values: Values): Promise<Values | undefined> {
    const refusals: HttpError[] = [];
    await send(values, { onError: (error) => void refusals.push(error as HttpError) });
    const [refused] = refusals;
    if (!refused) return undefined;
    if (refused.body?.code !== "CONFLICT") return refused.body?.errors ?? problem(refused.message);
    const { data: stored } = await dataProvider.getOne(resource.name, { id: String(values.id) });
    const versions = { base: base.current, stored, mine: values };
    const differences = differencesOf(change.fields, versions);
    const isGone = stored.deleted && !base.current.deleted;
    const isUntouched = !isGone && differences.every(({ isTheirs }) => !isTheirs);
    if (isUntouched) return attempt({ ...values, version: stored.version });
    setConflict({ ...versions, differences });
    return problem("waypost.conflict.problem");
  }

  function save(values: Values): Promise<Values | undefined> {
    running.current ??= attempt(values)
      .catch((error: HttpError) => problem(error.message))
      .then((errors) => {
        // What is saved is not saved again: the page is on its way elsewhere.
        if (errors) running.current = null;
        return errors;
      });
    return running.current;
  }
  return {
    change,
    save,
    conflict,
    beginFrom: (stored) => {
      base.current = stored;
      setConflict(null);
    },
    leaveConflict: () => setConflict(null),
  };
}

function problem(message: string): Values {
  return { root: { serverError: message } };
}
