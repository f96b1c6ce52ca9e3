import { type ReactElement, type RefObject, useEffect, useRef } from "react";
import {
  FilterFormBase,
  FilterLiveForm,
  getFilterFormValues,
  ListContextProvider,
  removeEmpty,
  useListContext,
} from "react-admin";
import { useFormContext } from "react-hook-form";

/** What was typed or chosen, by filter, and is not in the address yet. */
export type Typed = RefObject<Record<string, unknown>>;

interface FilterFormProps {
  filters: ReactElement[];
  typed: Typed;
}

/**
 * react-admin's form of filters, which puts what is typed into the address after half a second. By then the address may have
 * another filter, by a link, the way back, or a button: that one was chosen later, and stays as it is. react-admin's own would lay
 * all that its fields showed over it.
 */
export function FilterForm({ filters, typed }: FilterFormProps) {
  const list = useListContext();
  /** The filter that this form has set last, as the address has it. */
  const own = useRef<string | null>(null);
  function setFilters() {
    const next = { ...list.filterValues, ...typed.current };
    if (Object.keys(typed.current).length === 0) return;
    typed.current = {};
    own.current = JSON.stringify(removeEmpty(next));
    list.setFilters(next);
  }
  return (
    <ListContextProvider value={{ ...list, setFilters }}>
      <FilterLiveForm>
        <FilterFormBase filters={filters} />
        <Follow typed={typed} own={own} />
      </FilterLiveForm>
    </ListContextProvider>
  );
}

/** Notes what is typed, and forgets it when somebody else has set the filters: then the fields show those. */
function Follow({ typed, own }: { typed: Typed; own: RefObject<string | null> }) {
  const { filterValues } = useListContext();
  const { watch, getValues, reset } = useFormContext();
  useEffect(() => {
    const { unsubscribe } = watch((values, { name }) => {
      if (name) typed.current[name] = values[name];
    });
    return unsubscribe;
  }, [watch, typed]);
  const filter = JSON.stringify(filterValues);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another filter counts.
  useEffect(() => {
    if (filter === own.current) return;
    own.current = null;
    typed.current = {};
    reset(getFilterFormValues(getValues(), filterValues));
  }, [filter]);
  return null;
}
