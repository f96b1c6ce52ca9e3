/** The address of the journey that a click hash or uid leads to. */
export function journeyPath(text: string): string {
  return `/journey/${encodeURIComponent(text.trim())}`;
}
