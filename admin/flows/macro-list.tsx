import { useTranslate } from "react-admin";
import { type MacroChoice } from "./macro-choice";

interface MacroListProps {
  /** The list's id; its options have theirs from it: `${id}0`. */
  id: string;
  options: MacroChoice["options"];
  /** The one that Enter takes. */
  at: number;
  choose: (macro: string) => void;
}

/** The macros to choose from, below the field that keeps the focus and takes the keys. */
export function MacroList({ id, options, at, choose }: MacroListProps) {
  const translate = useTranslate();
  return (
    <div id={id} role="listbox" aria-label={translate("waypost.flow.macros")} className="macros">
      {options.map(({ macro, meaning }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys.
        <div
          key={macro}
          id={`${id}${index}`}
          role="option"
          aria-selected={index === at}
          tabIndex={-1}
          ref={(option) => {
            if (index === at) option?.scrollIntoView({ block: "nearest" });
          }}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(macro)}
        >
          <span className="mono">{macro}</span>
          <span className="ink2">{meaning}</span>
        </div>
      ))}
    </div>
  );
}
