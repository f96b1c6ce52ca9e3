import { type CellProps } from "./cell";

/** An amount, as the API writes it ("2.5000"), for people: grouped, two decimals, up to four where they are not zero. */
export function formatAmount(amount: string): string {
  const [whole = "0", decimals = ""] = amount.split(".");
  const kept = decimals.replace(/0+$/, "").padEnd(2, "0");
  return `${BigInt(whole).toLocaleString("en")}.${kept}`;
}

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
