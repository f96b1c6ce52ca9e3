import { Button } from "@mui/material";
import { type ReactElement, useMemo, useRef, useState } from "react";
import { AutocompleteInput, NumberInput, SelectInput, TextInput, useListContext, useTranslate } from "react-admin";
import { countries } from "../cells/country";
import { overrideOf } from "../overrides";
import { wordOf } from "../schema/label";
import { type Field, type Resource } from "../schema/resources";
import { resources } from "../schema/waypost";
import { createChosen } from "./chosen";
import { FilterForm } from "./filter-form";
import { RangeInput } from "./range-input";
import { ReferenceFilter } from "./reference-filter";
import { SuggestedInput } from "./suggested-input";

const trim = (value: string) => value.trim();

/** The filters that a resource's filter type offers beside the range of days: the search first, then references. */
function filterInputs(resource: Resource): ReactElement[] {
  const place = ({ name, kind }: Field) => (name === "search" ? 0 : kind === "REFERENCE" ? 1 : 2);
  const ordered = resource.filters.toSorted((a, b) => place(a) - place(b));
  return ordered.map((field) => filterInput(resource, field));
}

/** The row of filters; those that are set stand out. */
export function FilterBar({ resource }: { resource: Resource }) {
  const filters = useMemo(() => filterInputs(resource), [resource]);
  const now = useListContext();
  const list = useRef(now);
  list.current = now;
  const [chosen] = useState(() => createChosen(() => list.current));
  if (filters.length === 0 && !resource.ranged) return null;
  return (
    <div className="filters">
      {resource.ranged && <RangeInput chosen={chosen} />}
      <FilterForm filters={filters} chosen={chosen} />
      <ClearButton />
    </div>
  );
}

/** Takes all filters away. Not there when none is set. */
function ClearButton() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext();
  if (Object.keys(filterValues).length === 0) return null;
  return (
    <Button size="small" className="clear" onClick={() => setFilters({}, [])}>
      {translate("waypost.list.clear")}
    </Button>
  );
}

function filterInput(resource: Resource, field: Field): ReactElement {
  const column = resource.columns.find(({ name }) => name === field.name);
  const { name: source, label } = field;
  const shared = { source, label, alwaysOn: true } as const;
  const target = resources.find(({ name }) => name === field.resource);
  if (field.kind === "REFERENCE" && target) return <ReferenceFilter key={source} {...shared} target={target} />;
  if (field.kind === "COUNTRY") return <AutocompleteInput key={source} {...shared} choices={countries()} />;
  const { suggested, flags } = overrideOf(resource.name);
  const words = flags?.[source];
  if (field.kind === "FLAG")
    return (
      <SelectInput
        key={source}
        {...shared}
        label={words ? `waypost.flag.${words}.label` : label}
        choices={[true, false].map((id) => ({ id, name: words ? `waypost.flag.${words}.${id}` : `ra.boolean.${id}` }))}
      />
    );
  const useValues = suggested?.[source];
  if (useValues) return <SuggestedInput key={source} {...shared} useValues={useValues} />;
  const choices = field.words.length > 0 ? field.words : (column?.view.choices ?? field.view.choices ?? []);
  if (choices.length > 0)
    return (
      <SelectInput
        key={source}
        {...shared}
        choices={choices.map((word) => ({ id: word, name: field.kind === "CODE" ? word : wordOf(String(word)) }))}
      />
    );
  if (field.kind === "NUMBER" || field.kind === "ANSWER") return <NumberInput key={source} {...shared} />;
  return <TextInput key={source} {...shared} title={field.help} parse={trim} resettable />;
}
