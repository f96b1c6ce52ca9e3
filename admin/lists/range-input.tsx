import { Button, Menu, MenuItem } from "@mui/material";
import { useId, useState } from "react";
import { useInput, useTranslate } from "react-admin";
import { Icon } from "../layout/icons";
import { type Day } from "../zone/days";
import { daysOf, type Range, rangeWords, readRange } from "../zone/range";
import { useZone } from "../zone/use-zone";

/** The range of days of a list: words that move on with time, or two days, both included. */
export function RangeInput({ source }: { source: string; alwaysOn?: boolean }) {
  const translate = useTranslate();
  const { field } = useInput({ source, defaultValue: null });
  const { zone } = useZone();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const range = readRange(field.value);
  const choose = (next: Range | null) => {
    setAnchor(null);
    field.onChange(next);
  };
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<Icon name="calendar" />}
        onClick={(event) => setAnchor(event.currentTarget)}
        aria-haspopup="menu"
        className="range"
      >
        {range ? <RangeText range={range} /> : translate("waypost.range.any")}
      </Button>
      <Menu
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        slotProps={{ list: { "aria-label": translate("waypost.range.title") } }}
      >
        <MenuItem selected={!range} onClick={() => choose(null)}>
          {translate("waypost.range.any")}
        </MenuItem>
        {rangeWords.map((word) => (
          <MenuItem
            key={word}
            selected={range !== null && "word" in range && range.word === word}
            onClick={() => choose({ zone, word })}
          >
            <span className="range-word">{translate(`waypost.range.${word}`)}</span>
            <span className="ink3 num">{daysText(daysOf({ zone, word }))}</span>
          </MenuItem>
        ))}
        <CustomRange key={JSON.stringify(range)} range={range} zone={zone} choose={choose} />
      </Menu>
    </>
  );
}

function RangeText({ range }: { range: Range }) {
  const translate = useTranslate();
  return (
    <>
      <span>{translate(`waypost.range.${"word" in range ? range.word : "custom"}`)}</span>
      <span className="ink3 num range-days">{daysText(daysOf(range))}</span>
    </>
  );
}

function CustomRange({ range, zone, choose }: { range: Range | null; zone: string; choose: (range: Range) => void }) {
  const translate = useTranslate();
  const id = useId();
  const [days, setDays] = useState(range ? daysOf(range) : {});
  const [from, to] = days.from && days.to && days.from > days.to ? [days.to, days.from] : [days.from, days.to];
  const input = (name: "from" | "to") => (
    <>
      <label htmlFor={id + name}>{translate(`waypost.range.${name}`)}</label>
      <input
        id={id + name}
        type="date"
        value={days[name] ?? ""}
        onChange={({ target }) => setDays({ ...days, [name]: target.value || undefined })}
      />
    </>
  );
  return (
    // The menu takes letters and arrows for itself.
    <li
      className="range-custom"
      onKeyDown={(event) => event.key !== "Escape" && event.key !== "Tab" && event.stopPropagation()}
    >
      {input("from")}
      {input("to")}
      <Button variant="contained" disabled={!from && !to} onClick={() => choose({ zone, from, to })}>
        {translate("waypost.range.apply")}
      </Button>
    </li>
  );
}

const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const long = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Days as people write them: "16 Nov – 22 Nov"; with the year where one is of another than this. */
function daysText({ from, to }: { from?: Day; to?: Day }): string {
  const thisYear = String(new Date().getUTCFullYear());
  const format = [from, to].every((day) => !day || day.startsWith(thisYear)) ? short : long;
  const text = (day: Day | undefined) => (day ? format.format(new Date(`${day}T00:00:00Z`)) : "…");
  return from === to ? text(from) : `${text(from)} – ${text(to)}`;
}
