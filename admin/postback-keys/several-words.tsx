import { Button, MenuItem, TextField } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { useFormContext } from "react-hook-form";
import { wordOf } from "../schema/label";
import { type Field } from "../schema/resources";
import { readWords, type WordDraft, withWords } from "./words";

/** Several words of one meaning at once, as a network's help page lists them. */
export function SeveralWords({ source, meaning }: { source: string; meaning: Field }) {
  const translate = useTranslate();
  const { getValues, setValue } = useFormContext();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState("");
  const words = readWords(text);
  function add() {
    const rows: WordDraft[] = getValues(source) ?? [];
    setValue(source, withWords(rows, words, chosen as WordDraft["meaning"]), { shouldDirty: true });
    setText("");
  }
  return (
    <details className="several">
      <summary>{translate("waypost.key.several")}</summary>
      <div className="several-words">
        <TextField
          label={translate("waypost.key.severalWords")}
          helperText={translate("waypost.key.severalHelp")}
          value={text}
          onChange={({ target }) => setText(target.value)}
          multiline
          minRows={2}
        />
        <TextField select label={meaning.label} value={chosen} onChange={({ target }) => setChosen(target.value)}>
          {meaning.words.map((word) => (
            <MenuItem key={word} value={word}>
              {wordOf(word)}
            </MenuItem>
          ))}
        </TextField>
        <Button variant="outlined" onClick={add} disabled={words.length === 0 || !chosen}>
          {translate("waypost.key.addWords", { smart_count: words.length })}
        </Button>
      </div>
    </details>
  );
}
