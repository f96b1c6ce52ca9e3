import { Button, MenuItem, TextField } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { useController, useFormContext } from "react-hook-form";
import { wordOf } from "../schema/label";
import { type Field } from "../schema/resources";
import { readWords, type WordDraft, withWords } from "./words";

/** Several words that stand for the same at once, as a network's help page lists them. */
export function SeveralWords({ source, standing }: { source: string; standing: Field }) {
  const translate = useTranslate();
  const { getValues, setValue } = useFormContext();
  // A field of the form, though none that is sent: words that were typed and not added are not left behind by saving.
  const { field, fieldState } = useController({
    name: `several.${source}`,
    defaultValue: "",
    rules: { validate: (typed?: string) => readWords(typed ?? "").length === 0 || "waypost.key.notAdded" },
  });
  const [chosen, setChosen] = useState("");
  const text = String(field.value ?? "");
  const words = readWords(text);
  const problem = fieldState.error?.message;
  function add() {
    const rows: WordDraft[] = getValues(source) ?? [];
    setValue(source, withWords(rows, words, { [standing.name]: chosen.trim() }), { shouldDirty: true });
    field.onChange("");
  }
  return (
    <details className="several">
      <summary>{translate("waypost.key.several")}</summary>
      <div className="several-words">
        <TextField
          label={translate("waypost.key.severalWords")}
          helperText={translate(problem ?? "waypost.key.severalHelp", { _: problem })}
          error={problem !== undefined}
          value={text}
          onChange={field.onChange}
          onBlur={field.onBlur}
          inputRef={field.ref}
          multiline
          minRows={2}
        />
        <TextField
          select={standing.words.length > 0}
          label={standing.label}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
        >
          {standing.words.map((word) => (
            <MenuItem key={word} value={word}>
              {wordOf(word)}
            </MenuItem>
          ))}
        </TextField>
        <Button variant="outlined" onClick={add} disabled={words.length === 0 || !chosen.trim()}>
          {translate("waypost.key.addWords", { smart_count: words.length })}
        </Button>
      </div>
    </details>
  );
}
