import { AutocompleteInput, ReferenceInput, useGetList, useTranslate } from "react-admin";
import { type Row } from "../cells/cell";
import { unfiltered } from "../data/build-query";
import { type Resource } from "../schema/resources";

/** As many as one page may have: of what cannot be searched, all are offered. */
const ALL = { page: 1, perPage: 500 };

interface ReferenceFilterProps {
  target: Resource;
  source: string;
  label: string;
  alwaysOn: true;
}

/** What rows refer to, chosen by its name; what is deleted too. */
export function ReferenceFilter({ target, ...field }: ReferenceFilterProps) {
  const translate = useTranslate();
  const optionText = ({ name, deleted }: Row) =>
    deleted ? translate("waypost.list.deleted", { name: String(name) }) : String(name);
  if (!target.filters.some(({ name }) => name === "search"))
    return <AmongAll target={target} {...field} optionText={optionText} />;
  return (
    <ReferenceInput
      {...field}
      reference={target.name}
      filter={unfiltered(target)}
      perPage={25}
      sort={{ field: "name", order: "ASC" }}
    >
      <AutocompleteInput
        label={field.label}
        optionText={optionText}
        filterToQuery={(text: string) => (text ? { search: text } : {})}
      />
    </ReferenceInput>
  );
}

function AmongAll({ target, ...field }: ReferenceFilterProps & { optionText: (row: Row) => string }) {
  const { data, isPending } = useGetList(target.name, { pagination: ALL, filter: unfiltered(target) });
  return <AutocompleteInput {...field} choices={data} isPending={isPending} />;
}
