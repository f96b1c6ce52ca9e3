const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A length of time for people, its two largest units: "2 d 4 h", "3 min 12 s"; below ten seconds with a tenth: "0.4 s". */
export function lengthText(ms: number): string {
  if (Math.abs(ms) < 10_000) return `${(ms / 1000).toFixed(1)} s`.replace("-", "−");
  let left = Math.abs(ms);
  const first = UNITS.findIndex(([, size]) => left >= size);
  const parts = UNITS.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? `${count} ${unit}` : "";
  });
  return (ms < 0 ? "−" : "") + parts.filter(Boolean).join(" ");
}
