import useAutocomplete from "@mui/material/useAutocomplete";
import { useId, useMemo, useState } from "react";
import { useTranslate } from "react-admin";
import { browserZone } from "./use-zone";
import { searchZones, zoneChoices } from "./zone-search";
import "./zone-choice.css";

interface ZoneChoiceProps {
  zone: string;
  choose: (zone: string) => void;
  close: () => void;
}

/** All zones below a field that is searched in: by city or country, by an old or a new name, or by the distance from UTC. */
export function ZoneChoice({ zone, choose, close }: ZoneChoiceProps) {
  const translate = useTranslate();
  const id = useId();
  const [text, setText] = useState("");
  const choices = useMemo(() => zoneChoices([browserZone, "UTC", zone, ...Intl.supportedValuesOf("timeZone")]), [zone]);
  const { getRootProps, getInputProps, getListboxProps, getOptionProps, groupedOptions } = useAutocomplete({
    id,
    options: choices,
    open: true,
    value: choices.find((choice) => choice.zone === zone) ?? null,
    inputValue: text,
    autoHighlight: true,
    getOptionLabel: ({ name }) => name,
    getOptionKey: (choice) => choice.zone,
    filterOptions: (all) => searchZones(all, text),
    onInputChange: (_, next, reason) => reason === "input" && setText(next),
    onChange: (_, chosen) => chosen && choose(chosen.zone),
    onClose: (_, reason) => reason === "escape" && close(),
  });
  const found = groupedOptions as typeof choices;
  return (
    <div className="zone-choice" {...getRootProps()}>
      <label htmlFor={id} id={`${id}-label`}>
        {translate("waypost.zone.search")}
      </label>
      {/* biome-ignore lint/a11y/noAutofocus: it was opened to be typed into. */}
      <input {...getInputProps()} autoFocus placeholder={translate("waypost.zone.example")} />
      <ul {...getListboxProps()}>
        {found.map((option, index) => {
          const { key, ...props } = getOptionProps({ option, index }) as ReturnType<typeof getOptionProps> & {
            key: string;
          };
          return (
            <li key={key} {...props}>
              <span className="cut">{option.name}</span>
              <span className="ink3 num">{[option.country, option.offset].filter(Boolean).join(" · ")}</span>
            </li>
          );
        })}
      </ul>
      <p role="status" className="ink2">
        {found.length === 0 && translate("waypost.zone.none")}
      </p>
    </div>
  );
}
