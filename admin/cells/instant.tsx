import { useEffect, useState } from "react";
import { cityOf, useZone } from "../zone/use-zone";
import { type CellProps } from "./cell";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${Object.keys(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone, hourCycle: "h23" });
  formats.set(key, known);
  return known;
}

/** A moment as lists show it, as "22 Nov 17:43:10"; of another year with the year. */
export function shortTime(ms: number, zone: string): string {
  const year = (at: number) => formatIn(zone, { year: "numeric" }).format(at);
  const isThisYear = year(ms) === year(Date.now());
  const day = formatIn(
    zone,
    isThisYear ? { day: "2-digit", month: "short" } : { day: "2-digit", month: "short", year: "numeric" },
  );
  const time = formatIn(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return `${day.format(ms)} ${time.format(ms)}`;
}

/** A moment to the millisecond in a zone, with the zone's name. */
function longTime(ms: number, zone: string): string {
  const text = formatIn(zone, {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  return `${text.format(ms)} (${cityOf(zone)})`;
}

const relative = new Intl.RelativeTimeFormat("en", { style: "narrow" });
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

/** How long ago a moment is, as "28s ago". */
export function timeAgo(ms: number, now: number): string {
  const [unit, size] = steps.find(([, each]) => now - ms >= each) ?? ["second", 1000];
  return relative.format(-Math.max(0, Math.floor((now - ms) / size)), unit as Intl.RelativeTimeFormatUnit);
}

/** A moment in full, in the zone and in UTC: what a short one says when it is pointed at. */
function titleOf(ms: number, zone: string): string {
  return `${longTime(ms, zone)}\n${new Date(ms).toISOString()}`;
}

export function InstantCell({ value, whole }: Pick<CellProps, "value" | "whole">) {
  const { zone } = useZone();
  const ms = Date.parse(String(value));
  return (
    <time dateTime={String(value)} title={titleOf(ms, zone)} className="ink2 num">
      {whole ? (
        <>
          {longTime(ms, zone)} <span className="ink3">{new Date(ms).toISOString()}</span>
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
