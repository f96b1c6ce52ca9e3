import { Autocomplete, TextField } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { useAsked } from "../data/use-asked";

interface PresetChoiceProps {
  label: string;
  /** Answers the presets there are as `presets`. */
  query: string;
  chosen: string | null;
  onChoose: (name: string | null) => void;
}

/** One of many presets by its name, found while typing. The names are fetched when they are first looked at. */
export function PresetChoice({ label, query, chosen, onChoose }: PresetChoiceProps) {
  const translate = useTranslate();
  const [isWanted, setWanted] = useState(false);
  const { data, error, isFetching } = useAsked<{ presets: { name: string }[] }>(query, {}, { enabled: isWanted });
  return (
    <Autocomplete
      className="preset-choice"
      options={data?.presets.map(({ name }) => name) ?? (chosen === null ? [] : [chosen])}
      value={chosen}
      onChange={(_, name) => onChoose(name)}
      onOpen={() => setWanted(true)}
      loading={isFetching}
      loadingText={translate("ra.page.loading")}
      noOptionsText={error ? translate(error.message, { _: error.message }) : translate("waypost.preset.none")}
      openText={translate("waypost.preset.open")}
      closeText={translate("waypost.drawer.close")}
      clearText={translate("waypost.preset.clear")}
      renderInput={(params) => <TextField {...params} label={label} />}
    />
  );
}
