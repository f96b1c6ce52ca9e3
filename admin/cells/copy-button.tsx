import { type MouseEvent, useState } from "react";
import { useNotify, useTranslate } from "react-admin";
import { Icon } from "../layout/icons";

/** Copies a text; says so in its own place. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [isCopied, setCopied] = useState(false);
  const name = label ?? translate("waypost.copy.do");

  async function copy(event: MouseEvent) {
    event.stopPropagation();
    event.preventDefault();
    if (await write(text)) {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } else notify("waypost.copy.failed", { type: "warning", messageArgs: { text } });
  }
  return (
    <button
      type="button"
      className="copy"
      aria-label={isCopied ? translate("waypost.copy.done") : name}
      title={name}
      onClick={copy}
      data-copied={isCopied}
    >
      <Icon name={isCopied ? "check" : "copy"} size={14} />
    </button>
  );
}

/** The clipboard of browsers is there on https and localhost only; elsewhere the old way serves. */
async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  }
}
