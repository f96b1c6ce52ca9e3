import { type KeyboardEvent, useId, useRef, useState } from "react";
import { required, TextInput, useTranslate, useWrappedSource } from "react-admin";
import { useFormContext, useWatch } from "react-hook-form";
import { type Field } from "../schema/resources";
import { insertMacro, type MacroChoice, macroChoice } from "./macro-choice";
import { MacroList } from "./macro-list";
import { sampleUrl } from "./sample-url";

/** A destination URL: an opened brace lists the macros, and below stands what a visitor would get. */
export function UrlInput({ field }: { field: Field }) {
  const translate = useTranslate();
  const source = useWrappedSource(field.name);
  const { setValue } = useFormContext();
  const url: string = useWatch({ name: source }) ?? "";
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useState<MacroChoice | null>(null);
  const [at, setAt] = useState(0);
  const input = () => place.current?.querySelector("input") as HTMLInputElement;

  function look() {
    const { value, selectionStart, selectionEnd } = input();
    setChoice(selectionStart === selectionEnd ? macroChoice(value, selectionStart ?? 0) : null);
    setAt(0);
  }
  function choose(macro: string) {
    const { value, selectionStart } = input();
    const { text, selection } = insertMacro(value, selectionStart ?? value.length, choice?.begin ?? 0, macro);
    setValue(source, text, { shouldDirty: true });
    setChoice(null);
    // The field shows the new text only after this turn.
    requestAnimationFrame(() => {
      input().focus();
      input().setSelectionRange(...selection);
    });
  }
  function walk(event: KeyboardEvent) {
    if (!choice) return;
    const { length } = choice.options;
    const step = { ArrowDown: 1, ArrowUp: length - 1 }[event.key];
    if (step) setAt((at + step) % length);
    else if (event.key === "Enter" || event.key === "Tab") choose(choice.options[at]?.macro ?? "");
    else if (event.key === "Escape") setChoice(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const sample = sampleUrl(url);
  return (
    <div ref={place} className="url-input">
      <TextInput
        source={field.name}
        label={field.label}
        validate={field.required ? required() : undefined}
        helperText={sample ? <Sample url={sample} /> : field.help}
        placeholder={translate("waypost.flow.urlExample", { macro: "{click}" })}
        className="mono-input"
        onBlur={() => setChoice(null)}
        fullWidth
        slotProps={{
          htmlInput: {
            role: "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": choice !== null,
            "aria-controls": id,
            "aria-activedescendant": choice ? `${id}${at}` : undefined,
            autoComplete: "off",
            spellCheck: false,
            onInput: look,
            onClick: look,
            onKeyDown: walk,
          },
        }}
      />
      {choice && <MacroList id={id} options={choice.options} at={at} choose={choose} />}
    </div>
  );
}

function Sample({ url }: { url: string }) {
  const translate = useTranslate();
  return (
    <>
      {translate("waypost.flow.sample")} <span className="mono whole">{url}</span>
    </>
  );
}
