import { type ReactElement, useMemo } from "react";
import { AutocompleteInput, FilterForm, NumberInput, SelectInput, TextInput } from "react-admin";
import { countries } from "../cells/country";
import { wordOf } from "../schema/label";
import { type Field, type Resource } from "../schema/resources";
import { resources } from "../schema/waypost";
import { RangeInput } from "./range-input";
import { ReferenceFilter } from "./reference-filter";

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
  if (filters.length === 0 && !resource.ranged) return null;
  return (
    <div className="filters">
      {resource.ranged && <RangeInput />}
      <FilterForm filters={filters} />
    </div>
  );
}

function filterInput(resource: Resource, field: Field): ReactElement {
  const column = resource.columns.find(({ name }) => name === field.name);
  const { name: source, label } = field;
  const shared = { source, label, alwaysOn: true } as const;
  const target = resources.find(({ name }) => name === field.resource);
  if (field.kind === "REFERENCE" && target) return <ReferenceFilter key={source} {...shared} target={target} />;
  if (field.kind === "COUNTRY") return <AutocompleteInput key={source} {...shared} choices={countries()} />;
  if (field.kind === "FLAG")
    return (
      <SelectInput
        key={source}
        {...shared}
        choices={[
          { id: true, name: "ra.boolean.true" },
          { id: false, name: "ra.boolean.false" },
        ]}
      />
    );
  const words = field.words.length > 0 ? field.words : (column?.view.choices ?? field.view.choices ?? []);
  if (words.length > 0)
    return (
      <SelectInput
        key={source}
        {...shared}
        choices={words.map((word) => ({ id: word, name: field.kind === "CODE" ? word : wordOf(String(word)) }))}
      />
    );
  if (field.kind === "NUMBER" || field.kind === "ANSWER") return <NumberInput key={source} {...shared} />;
  return <TextInput key={source} {...shared} parse={trim} resettable />;
}
