import { Facts } from "../drawer/facts";
import { type Click } from "../generated/types";
import { JourneyLink } from "../journey/journey-link";
import { type DrawerProps } from "../overrides";
import { RefusedPostbacks } from "./refused-postbacks";

/** One click, and the way to what came of it. */
export function ClickEntry({ resource, row }: DrawerProps<Click>) {
  return (
    <>
      <Facts resource={resource} row={{ ...row }} />
      <RefusedPostbacks click={row.id} />
      <JourneyLink click={row.id} />
    </>
  );
}
