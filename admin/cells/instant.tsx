import { useEffect, useState } from "react";
import { useZone } from "../zone/use-zone";
import { longTime, shortTime, timeAgo } from "../zone/written";
import { cityOf } from "../zone/zone-names";
import { type CellProps } from "./cell";

/** A moment in full, in the zone and in UTC: what a short one says when it is pointed at. */
function titleOf(ms: number, zone: string): string {
  return `${longTime(ms, zone)} (${cityOf(zone)})\n${new Date(ms).toISOString()}`;
}

export function InstantCell({ value, whole }: Pick<CellProps, "value" | "whole">) {
  const { zone } = useZone();
  const ms = Date.parse(String(value));
  return (
    <time dateTime={String(value)} title={titleOf(ms, zone)} className="ink2 num">
      {whole ? (
        <>
          {longTime(ms, zone)} ({cityOf(zone)}) <span className="ink3 unbroken">{new Date(ms).toISOString()}</span>
        </>
      ) : (
        shortTime(ms, zone)
      )}
    </time>
  );
}

/** The same on a phone, where the exact time has no room. */
export function AgoCell({ value }: { value: unknown }) {
  const { zone } = useZone();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  const ms = Date.parse(String(value));
  return (
    <time dateTime={String(value)} title={titleOf(ms, zone)} className="num">
      {timeAgo(ms, now)}
    </time>
  );
}
