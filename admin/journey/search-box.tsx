import { IconButton } from "@mui/material";
import { useEffect, useRef } from "react";
import { useTranslate } from "react-admin";
import { Link, useNavigate } from "react-router-dom";
import { Icon } from "../layout/icons";
import { SearchForm } from "./search-form";

/** Above every page: the search for a click's journey; on a phone the way to it. The key `/` goes there. */
export function SearchBox() {
  const translate = useTranslate();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).closest(
        "input, textarea, select, [contenteditable], dialog.modal",
      );
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (input.current?.checkVisibility()) input.current.focus();
      else navigate("/journey");
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [navigate]);
  return (
    <>
      <span className="desk-only">
        <SearchForm inputRef={input} />
      </span>
      <IconButton
        component={Link}
        to="/journey"
        className="phone-only"
        aria-label={translate("waypost.journey.search")}
      >
        <Icon name="search" />
      </IconButton>
    </>
  );
}
