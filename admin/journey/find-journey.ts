import { hashWithTail } from "../cells/hash";
import { type Click, type Conversion, type PostbackLog } from "../generated/types";
import { namedClick } from "../postbacks/named-click";

/** What is asked about a text that may be a click hash or a uid. Log entries are of all that named it, as it was sent. */
export const JOURNEY = `query journey($text: String!, $id: ID!, $isHash: Boolean!) {
  click(id: $id) {
    id createdAt flow { id name } path { id name url } country subId source device os browser bot destinationUrl
  }
  postbacks: postbackLogs(filter: { clickHash: $text }, perPage: 200) {
    totalCount
    items { ...entry }
  }
  conversions(filter: { clickHash: $id }, perPage: 100) @include(if: $isHash) {
    totalCount
    items {
      id goal goalSent uid
      history { id createdAt status revenue currency applied change note user { id email } }
    }
  }
  byUid: conversions(filter: { uid: $text }, perPage: 500) {
    totalCount
    items { id clickHash createdAt flow { id name } }
  }
  postbacksByUid: postbackLogs(filter: { uid: $text }, perPage: 500) {
    totalCount
    items { ...entry }
  }
}
fragment entry on PostbackLog {
  id createdAt clickHash status refused code message cause cure outcome reading { parameter name place value means code message cause cure } flow { id name } postbackKey { id name } replayOf { id }
}`;

type Page<T> = { totalCount: number; items: T[] };
export type JourneyConversion = Pick<Conversion, "id" | "goal" | "goalSent" | "uid" | "history">;

/** What the API answers to it. */
export interface Asked {
  click: Click | null;
  postbacks: Page<PostbackLog>;
  /** None where the text can be no click hash. */
  conversions?: Page<JourneyConversion>;
  byUid: Page<Pick<Conversion, "id" | "clickHash" | "createdAt" | "flow">>;
  postbacksByUid: Page<PostbackLog>;
}

/** A click as what has a uid names it. */
export type NamedClick = Pick<PostbackLog, "createdAt" | "flow">;

/** What a text leads to: a journey (of a click that we do not have too), a click, what has that uid, or nothing. */
export type Found =
  | { kind: "journey" }
  | { kind: "click"; hash: string }
  /** Clicks by their hash, and postbacks that name none. */
  | { kind: "uid"; clicks: Map<string, NamedClick>; strays: PostbackLog[] }
  | { kind: "nothing" };

/** A click comes before a uid that is written like its hash, and a uid before a hash with a tail. */
export function readFound(text: string, { click, postbacks, byUid, postbacksByUid }: Asked): Found {
  if (click || postbacks.items.length > 0) return { kind: "journey" };
  const clicks = new Map<string, NamedClick>(byUid.items.map((conversion) => [conversion.clickHash, conversion]));
  for (const postback of postbacksByUid.items) {
    const hash = namedClick(postback);
    if (hash && !clicks.has(hash)) clicks.set(hash, postback);
  }
  const strays = postbacksByUid.items.filter((postback) => !namedClick(postback)).reverse();
  const [hash = hashWithTail(text), ...others] = clicks.keys();
  if (hash && others.length + strays.length === 0 && !isCut(byUid) && !isCut(postbacksByUid)) {
    return { kind: "click", hash };
  }
  return clicks.size + strays.length > 0 ? { kind: "uid", clicks, strays } : { kind: "nothing" };
}

/** Whether there is more than was read. */
export function isCut({ totalCount, items }: Page<unknown> = NOTHING): boolean {
  return totalCount > items.length;
}

const NOTHING: Page<never> = { totalCount: 0, items: [] };
