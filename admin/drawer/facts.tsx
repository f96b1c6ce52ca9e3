import { Cell, Nothing, type Row } from "../cells/cell";
import { type Field, type Resource } from "../schema/resources";

/** Every field of an entry, whole, in the order of the schema; what holds its own entries as a table of them. */
export function Facts({ resource, row, without = [] }: { resource: Resource; row: Row; without?: readonly string[] }) {
  const shown = resource.columns.filter(({ name }) => !without.includes(name) && row[name] !== undefined);
  const units = new Set(resource.columns.map(({ view }) => view.unit));
  const facts = shown.filter(({ name, kind }) => kind !== "LIST" && kind !== "JSON" && !units.has(name));
  const tables = shown.filter(({ kind }) => kind === "LIST" || kind === "JSON");
  return (
    <>
      <dl className="facts">
        {facts.map((field) => (
          <div key={field.name} title={field.help}>
            <dt>{field.label}</dt>
            <dd className="copy-shown">
              <Cell field={field} row={row} whole />
            </dd>
          </div>
        ))}
      </dl>
      {tables.map((field) => (
        <section key={field.name} className="sent">
          <h3>{field.label}</h3>
          {field.kind === "JSON" ? (
            <JsonTable value={row[field.name]} />
          ) : (
            <Items field={field} items={row[field.name] as Row[]} />
          )}
        </section>
      ))}
    </>
  );
}

/** JSON as keys and values, as text; anything that is no object as it stands. */
function JsonTable({ value }: { value: unknown }) {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(isObject ? (value as object) : { "": value });
  if (entries.length === 0) return <Nothing />;
  return (
    <table className="json-table">
      <tbody>
        {entries.map(([key, each]) => (
          <tr key={key}>
            <th scope="row" className="mono">
              {key}
            </th>
            <td className="mono whole">{typeof each === "string" ? each : JSON.stringify(each)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Items({ field, items }: { field: Field; items: Row[] }) {
  const columns = field.fields.filter(({ view }) => !view.hidden);
  if (items.length === 0) return <Nothing />;
  return (
    <div className="items">
      <table>
        <thead>
          <tr>
            {columns.map(({ name, label }) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <tr key={String(item.id ?? index)}>
              {columns.map((column) => (
                <td key={column.name}>
                  <Cell field={column} row={item} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
