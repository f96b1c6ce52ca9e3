import { Cell, type Row } from "../cells/cell";
import { type Resource } from "../schema/resources";

/** What a form shows and does not change: these columns of the row, in the order of the schema. */
export function Fixed<T>({ resource, row, names }: { resource: Resource; row: Row; names: readonly (keyof T)[] }) {
  return (
    <dl className="fixed copy-shown">
      {resource.columns
        .filter(({ name }) => names.includes(name as keyof T))
        .map((field) => (
          <div key={field.name} title={field.help}>
            <dt>{field.label}</dt>
            <dd>
              <Cell field={field} row={row} whole />
            </dd>
          </div>
        ))}
    </dl>
  );
}
