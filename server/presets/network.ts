import { Field, ObjectType } from "#type-graphql";
import known from "./networks.json" with { type: "json" };

/** What an operator has to replace by hand, in our URLs as in the networks' own templates. */
export const FILL_IN = "REPLACE";

/** As it stands in a URL: a macro of the network's or fixed text; `REPLACE`: there is none; several: one is to be chosen. */
export type Value = string | string[];

/** What a network's postbacks say, and how. Left out: it does not say it. `docs/adding-a-preset.md` tells how to add one. */
export interface NetworkTemplate {
  name: string;
  /** What brings it the click hash: a parameter of the destination URL, or the end of its path. */
  destination: string;
  click: string;
  revenue?: Value;
  currency?: Value;
  uid?: string;
  status?: string;
  /** Its words for our statuses. */
  pending?: string[];
  approved?: string[];
  rejected?: string[];
}

/** All networks, by name. */
export const networks: NetworkTemplate[] = known;

@ObjectType({ description: "An affiliate network whose postbacks Waypost knows." })
export class Network {
  @Field(() => String, { description: "Its name." }) name!: string;
}
