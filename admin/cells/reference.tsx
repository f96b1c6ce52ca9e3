import { useCreatePath } from "react-admin";
import { Link } from "react-router-dom";
import { resources } from "../schema/waypost";
import { type CellProps } from "./cell";

/** Something referred to: its name, or its id where it has none, leading to it. */
export function ReferenceCell({ value, field }: CellProps) {
  const referred = value as { id: string } & Record<string, string | null>;
  const { id } = referred;
  const name = field.names.map((each) => referred[each]).find(Boolean);
  const createPath = useCreatePath();
  const target = resources.find((resource) => resource.name === field.resource);
  const text = name ?? id;
  const shown = (
    <span className={name ? "name cut" : "mono cut"} title={text}>
      {text}
    </span>
  );
  if (!target?.one) return shown;
  const to = target.update ? createPath({ resource: target.name, type: "edit", id }) : `/${target.name}?view=${id}`;
  return (
    <Link to={to} className="cell-link" onClick={(event) => event.stopPropagation()}>
      {shown}
    </Link>
  );
}
