import { type FormEvent, type Ref, useState } from "react";
import { useTranslate } from "react-admin";
import { useNavigate } from "react-router-dom";
import { Icon } from "../layout/icons";
import { journeyPath } from "./journey-path";

/** Finds the journey of a click by its hash, or by the advertiser's own id. */
export function SearchForm({ autoFocus, inputRef }: { autoFocus?: boolean; inputRef?: Ref<HTMLInputElement> }) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    navigate(journeyPath(text));
    setText("");
    document.getElementById("content")?.focus();
  };
  const label = translate("waypost.journey.search");
  return (
    <search>
      <form className="search" onSubmit={find}>
        <Icon name="search" />
        <input
          ref={inputRef}
          type="search"
          aria-label={label}
          aria-keyshortcuts="/"
          placeholder={label}
          value={text}
          // biome-ignore lint/a11y/noAutofocus: the page that asks for it has nothing else.
          autoFocus={autoFocus}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
        />
      </form>
    </search>
  );
}
