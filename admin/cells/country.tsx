import { countries as codes } from "country-flag-icons";
import { type CellProps } from "./cell";

const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
/** The name of a country by its two letters; the letters themselves where they name none. */
function countryName(code: string): string {
  try {
    return names.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

/** Every country there is a flag for, by name. */
export function countries(): { id: string; name: string }[] {
  return codes.map((id) => ({ id, name: countryName(id) })).sort((a, b) => a.name.localeCompare(b.name));
}

export function CountryCell({ value }: CellProps) {
  const code = String(value);
  return (
    <span className="country">
      <Flag code={code} />
      <span className="cut" title={code}>
        {countryName(code)}
      </span>
    </span>
  );
}

/** A country's flag, fetched when it comes into view; none where there is none. */
function Flag({ code }: { code: string }) {
  if (!codes.includes(code)) return <span className="flag" />;
  return <img src={`assets/flags/${code}.svg`} alt="" width={18} height={12} loading="lazy" className="flag" />;
}
