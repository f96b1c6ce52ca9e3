import { formatAmount } from "./amount";
import { type CellProps } from "./cell";

export function MoneyCell({ value, field, row }: CellProps) {
  const amount = String(value);
  const currency = field.view.unit ? row[field.view.unit] : null;
  const isZero = /^[0.]*$/.test(amount);
  return (
    <span className={`money num ${isZero ? "ink3" : ""}`}>
      {formatAmount(amount)}
      {currency != null && <span className="unit">{String(currency)}</span>}
    </span>
  );
}
