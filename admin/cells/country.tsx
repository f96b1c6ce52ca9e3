import { type CellProps } from "./cell";

const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
/** The addresses of small pictures by their path; each is its own file, fetched when first seen. */
const flags = import.meta.glob<string>("../../node_modules/country-flag-icons/3x2/*.svg", {
  query: "?url",
  import: "default",
  eager: true,
});

/** The name of a country by its two letters; the letters themselves where they name none. */
export function countryName(code: string): string {
  try {
    return names.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

/** Every country there is a flag for, by name. */
export function countries(): { id: string; name: string }[] {
  const codes = Object.keys(flags).flatMap((path) => /\/([A-Z]{2})\.svg$/.exec(path)?.[1] ?? []);
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

export function Flag({ code }: { code: string }) {
  const source = flags[`../../node_modules/country-flag-icons/3x2/${code}.svg`];
  return source ? (
    <img src={source} alt="" width={18} height={12} loading="lazy" className="flag" />
  ) : (
    <span className="flag" />
  );
}
