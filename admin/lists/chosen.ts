type Filter = Record<string, unknown>;

/** The filters of a list as its address has them, and how others are put there. */
export interface List {
  filterValues: Filter;
  setFilters(filter: Filter): void;
}

/** What was typed or chosen and is not in the address yet, by filter. */
export interface Chosen {
  /** Notes a filter's value; it is set with the next `apply`. */
  note(name: string, value: unknown): void;
  /** Sets all that was noted, over the filters that the list has. */
  apply(): void;
  /** Takes notice of the address's filter. @returns whether it was set here; by any other all that was noted is dropped. */
  follow(filter: Filter): boolean;
}

/**
 * Keeps what is chosen in a list's filters until the address has it: who chooses a flow and then days, before the page has
 * followed, gets both.
 *
 * @param list  as it is now.
 */
export function createChosen(list: () => List): Chosen {
  let noted: Filter = {};
  /** The filters that were set here and are still to come to the address, the oldest first. */
  let set: string[] = [];
  return {
    note: (name, value) => {
      noted[name] = value;
    },
    apply: () => {
      if (Object.keys(noted).length === 0) return;
      const { filterValues, setFilters } = list();
      const next = { ...filterValues, ...noted };
      set.push(textOf(next));
      setFilters(next);
    },
    follow: (filter) => {
      const index = set.indexOf(textOf(filter));
      const isOwn = index >= 0;
      const isThere = (name: string) => textOf({ is: noted[name] }) === textOf({ is: filter[name] });
      set = isOwn ? set.slice(index + 1) : [];
      noted = isOwn ? Object.fromEntries(Object.entries(noted).filter(([name]) => !isThere(name))) : {};
      return isOwn;
    },
  };
}

/** A filter as text, whatever the order of its parts. What is empty is left out, as in the address. */
function textOf(filter: Filter): string {
  const full = Object.entries(filter).filter(([, value]) => value != null && value !== "");
  return JSON.stringify(full.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
