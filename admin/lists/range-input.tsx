import { Button, MenuItem, MenuList, Popover } from "@mui/material";
import { useId, useState } from "react";
import { useListContext, useTranslate } from "react-admin";
import { Icon } from "../layout/icons";
import { dayAt } from "../zone/days";
import { daysOf, type Range, rangeWords, readRange } from "../zone/range";
import { useZone } from "../zone/use-zone";
import { writeDays } from "../zone/written";
import { type Chosen } from "./chosen";
import { type ListFilter } from "./list-link";

/**
 * The range of days of a list: words that move on with time, or two days, both included.
 *
 * It is one value and is replaced whole. Therefore it is no field of react-admin's form of filters, which merges the parts of an
 * object: a word would stay beside the days that were chosen after it.
 *
 * @param chosen  what the other filters have that is not in the address yet: it is set together with the range.
 */
export function RangeInput({ chosen }: { chosen: Chosen }) {
  const translate = useTranslate();
  const { filterValues } = useListContext();
  const { zone } = useZone();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const title = translate("waypost.range.title");
  const range = readRange((filterValues as ListFilter).range);
  const choose = (next: Range | null) => {
    setAnchor(null);
    chosen.note("range", next);
    chosen.apply();
  };
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<Icon name="calendar" />}
        onClick={(event) => setAnchor(event.currentTarget)}
        aria-haspopup="dialog"
        className="range"
      >
        {range ? <RangeText range={range} /> : translate("waypost.range.any")}
      </Button>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: "bottom", horizontal: "left" }}
        slotProps={{ paper: { role: "dialog", "aria-label": title } }}
      >
        <MenuList autoFocusItem={anchor !== null} aria-label={title}>
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
              <span className="ink3 num">{daysText({ zone, word })}</span>
            </MenuItem>
          ))}
        </MenuList>
        <CustomRange key={JSON.stringify(range)} range={range} zone={zone} choose={choose} />
      </Popover>
    </>
  );
}

function RangeText({ range }: { range: Range }) {
  const translate = useTranslate();
  return (
    <>
      <span>{translate(`waypost.range.${"word" in range ? range.word : "custom"}`)}</span>
      <span className="ink3 num range-days">{daysText(range)}</span>
    </>
  );
}

function CustomRange({ range, zone, choose }: { range: Range | null; zone: string; choose: (range: Range) => void }) {
  const translate = useTranslate();
  const id = useId();
  const [days, setDays] = useState(range ? daysOf(range) : {});
  const [from, to] = days.from && days.to && days.from > days.to ? [days.to, days.from] : [days.from, days.to];
  const isRange = readRange({ zone, from, to }) !== null;
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
    <div className="range-custom">
      {input("from")}
      {input("to")}
      <Button variant="contained" disabled={!isRange} onClick={() => choose({ zone, from, to })}>
        {translate("waypost.range.apply")}
      </Button>
    </div>
  );
}

/** The days that a range has now. */
function daysText(range: Range): string {
  const now = Date.now();
  return writeDays(daysOf(range, now), dayAt(now, range.zone));
}
