import { useId, useState } from "react";
import { TextInput } from "react-admin";

interface SuggestedInputProps {
  source: string;
  label: string;
  alwaysOn: true;
  /** The values there are, asked for once somebody is about to type. */
  useValues: (isAsked: boolean) => string[];
}

/** A filter that is typed, with the values there are below it. One that is typed in other capitals is that one. */
export function SuggestedInput({ useValues, ...shared }: SuggestedInputProps) {
  const id = useId();
  const [isAsked, setAsked] = useState(false);
  const values = useValues(isAsked);
  const known = (typed: string) => {
    const text = typed.trim();
    if (values.includes(text)) return text;
    return values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? text;
  };
  return (
    <>
      <TextInput
        {...shared}
        parse={known}
        onFocus={() => setAsked(true)}
        slotProps={{ htmlInput: { list: id, autoComplete: "off" } }}
        resettable
      />
      <datalist id={id}>
        {values.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
    </>
  );
}
