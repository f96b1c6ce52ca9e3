import { type ReactElement, useEffect } from "react";
import { FilterFormBase, FilterLiveForm, getFilterFormValues, ListContextProvider, useListContext } from "react-admin";
import { useFormContext } from "react-hook-form";
import { type Chosen } from "./chosen";

interface FilterFormProps {
  filters: ReactElement[];
  chosen: Chosen;
}

/**
 * react-admin's form of filters, which puts what is typed into the address after half a second. By then the address may have
 * another filter, by a link, the way back, or a button: that one was chosen later, and stays as it is. react-admin's own would lay
 * all that its fields showed over it.
 */
export function FilterForm({ filters, chosen }: FilterFormProps) {
  const list = useListContext();
  return (
    <ListContextProvider value={{ ...list, setFilters: chosen.apply }}>
      <FilterLiveForm>
        <FilterFormBase filters={filters} />
        <Follow chosen={chosen} />
      </FilterLiveForm>
    </ListContextProvider>
  );
}

/** Notes what is typed, and forgets it when somebody else has set the filters: then the fields show those. */
function Follow({ chosen }: { chosen: Chosen }) {
  const { filterValues } = useListContext();
  const { watch, getValues, reset } = useFormContext();
  useEffect(() => {
    const { unsubscribe } = watch((values, { name }) => {
      if (name) chosen.note(name, values[name]);
    });
    return unsubscribe;
  }, [watch, chosen]);
  const filter = JSON.stringify(filterValues);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another filter counts.
  useEffect(() => {
    if (!chosen.follow(filterValues)) reset(getFilterFormValues(getValues(), filterValues));
  }, [filter]);
  return null;
}
