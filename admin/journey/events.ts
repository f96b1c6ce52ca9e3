import { type Click, type ConversionChange, type PostbackLog } from "../generated/types";
import { type Asked, type JourneyConversion } from "./find-journey";

/** What an event said of a conversion. */
export interface Said {
  conversion: JourneyConversion;
  entry: ConversionChange;
}

/** One thing that happened to a click: it itself, a postback, or a change by hand. */
export interface JourneyEvent {
  id: string;
  at: string;
  click?: Click;
  postback?: PostbackLog;
  said: Said[];
}

/** All that happened to a click, in time order. What postbacks said of conversions stands with their log entries. */
export function eventsOf({ click, postbacks, conversions }: Asked): JourneyEvent[] {
  const events = new Map(postbacks.items.map(eventOf).map((event) => [event.id, event]));
  for (const conversion of conversions?.items ?? []) {
    for (const entry of conversion.history) {
      const event = events.get(entry.id) ?? { id: entry.id, at: entry.createdAt, said: [] };
      event.said.push({ conversion, entry });
      events.set(entry.id, event);
    }
  }
  const inOrder = [...events.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return click ? [{ id: click.id, at: click.createdAt, click, said: [] }, ...inOrder] : inOrder;
}

/** A postback by itself. */
export function eventOf(postback: PostbackLog): JourneyEvent {
  return { id: postback.id, at: postback.createdAt, postback, said: [] };
}
