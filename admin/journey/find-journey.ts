import { type Click, type Conversion, type PostbackLog } from "../generated/types";

/** What is asked about a text that may be a click hash or a uid. Log entries are of all that named it, as it was sent. */
export const JOURNEY = `query journey($text: String!, $id: ID!) {
  click(id: $id) {
    id createdAt flow { id name } path { id name url } country subId source device os browser bot destinationUrl
  }
  postbacks: postbackLogs(filter: { clickHash: $text }, sort: { field: CREATED_AT, order: ASC }, perPage: 200) {
    totalCount
    items { ...entry }
  }
  conversions(filter: { clickHash: $id }, sort: { field: CREATED_AT, order: ASC }, perPage: 100) {
    totalCount
    items {
      id goal goalSent uid
      history { id createdAt status revenue currency applied note user { id email } }
    }
  }
  byUid: conversions(filter: { uid: $text }) {
    totalCount
    items { id clickHash createdAt flow { id name } status }
  }
}
fragment entry on PostbackLog {
  id createdAt clickHash status code message outcome processedAt postbackKey { id name }
}`;

type Page<T> = { totalCount: number; items: T[] };
export type JourneyConversion = Pick<Conversion, "id" | "goal" | "goalSent" | "uid" | "history">;
export type NamedConversion = Pick<Conversion, "id" | "clickHash" | "createdAt" | "flow" | "status">;

/** What the API answers to it. */
export interface Asked {
  click: Click | null;
  postbacks: Page<PostbackLog>;
  conversions: Page<JourneyConversion>;
  byUid: Page<NamedConversion>;
}

/** What a text leads to: the journey of a click (of one that we do not have too), a choice of clicks, or nothing. */
export type Found =
  | { kind: "journey" }
  | { kind: "clicks"; clicks: Map<string, NamedConversion> }
  | { kind: "nothing" };

/** A click comes before a uid that is written like its hash. */
export function readFound({ click, postbacks, byUid }: Asked): Found {
  if (click || postbacks.items.length > 0) return { kind: "journey" };
  if (byUid.items.length === 0) return { kind: "nothing" };
  return { kind: "clicks", clicks: new Map(byUid.items.map((conversion) => [conversion.clickHash, conversion])) };
}
