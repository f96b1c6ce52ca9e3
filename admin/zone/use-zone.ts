import { useStore } from "react-admin";
import { useLocation } from "react-router-dom";
import { readFilter } from "../lists/list-link";
import { readRange } from "./range";

/** The browser's own zone. */
export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The time zone that everything on the screen is shown in: chosen once, or the one that the address carries.
 *
 * @returns `own`, the one that was chosen; `zone`, the one that counts here; `setOwn`.
 */
export function useZone(): { zone: string; own: string; setOwn: (zone: string) => void } {
  const [own, setOwn] = useStore("zone", browserZone);
  const { search } = useLocation();
  const linked = readRange(readFilter(search).range)?.zone;
  return { zone: linked ?? own, own, setOwn };
}
