import { type ComponentProps, useRef } from "react";
import {
  ArrayInput,
  AutocompleteInput,
  BooleanInput,
  DateTimeInput,
  NumberInput,
  ReferenceInput,
  required,
  SelectInput,
  SimpleFormIterator,
  TextInput,
} from "react-admin";
import { wordOf } from "../schema/label";
import { type Field } from "../schema/resources";
import { useZone } from "../zone/use-zone";
import { momentOf, wallClockAt } from "../zone/wall-clock";

interface FieldInputProps {
  field: Field;
  /** Where its value stands in the form, when not under its own name. */
  source?: string;
  /** Shown while it is empty. */
  placeholder?: string;
  /** Where there is no room for the help below it: as its tooltip. */
  compact?: boolean;
  /** Where one begins to fill in. */
  focused?: boolean;
}

/** The input of one field of a form, by its kind. Empty text means none. */
export function FieldInput({ field, source = field.name, placeholder, compact = false, focused }: FieldInputProps) {
  const shared = {
    source,
    label: field.label,
    helperText: compact ? (false as const) : field.help || false,
    title: compact ? field.help : undefined,
    validate: field.required ? required() : undefined,
    defaultValue: field.defaultValue,
    autoFocus: focused,
  };
  switch (field.kind) {
    case "FLAG":
      return <BooleanInput {...shared} />;
    case "NUMBER":
    case "ANSWER":
      return <NumberInput {...shared} />;
    case "ENUM":
      return <SelectInput {...shared} choices={field.words.map((word) => ({ id: word, name: wordOf(word) }))} />;
    case "INSTANT":
      return <InstantInput {...shared} />;
    case "REFERENCE":
      return (
        <ReferenceInput source={source} reference={field.resource ?? ""}>
          <AutocompleteInput label={field.label} helperText={field.help || false} optionText="name" />
        </ReferenceInput>
      );
    case "LIST":
      return (
        <ArrayInput source={source} label={field.label} helperText={field.help || false}>
          <SimpleFormIterator inline>
            {field.fields
              .filter(({ name }) => name !== "id")
              .map((inner) => (
                <FieldInput key={inner.name} field={inner} />
              ))}
          </SimpleFormIterator>
        </ArrayInput>
      );
    case "MONEY":
      return <AmountInput {...shared} />;
    case "JSON":
      return (
        <TextInput
          {...shared}
          multiline
          format={(value: unknown) => (value === undefined ? "" : JSON.stringify(value))}
          parse={parseJson}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          placeholder={placeholder}
          className={field.kind === "CODE" || field.kind === "URL" || field.kind === "HASH" ? "mono-input" : undefined}
        />
      );
  }
}

/** A moment, by the clock of the zone that everything on the screen is shown in. */
function InstantInput(props: ComponentProps<typeof DateTimeInput>) {
  const { zone } = useZone();
  return (
    <DateTimeInput
      {...props}
      format={(moment: string | null) => (moment ? wallClockAt(Date.parse(moment), zone) : "")}
      parse={(wallClock: string) => (wallClock ? new Date(momentOf(wallClock, zone)).toISOString() : null)}
    />
  );
}

/** An amount. What was saved stands there in short; what is being typed as it is: its zeros may not be the last. */
function AmountInput(props: ComponentProps<typeof TextInput>) {
  const isTyped = useRef(false);
  return (
    <TextInput
      {...props}
      onFocus={selectZero}
      onClick={selectZero}
      format={(amount: string | null) => (isTyped.current ? (amount ?? "") : shortAmount(amount))}
      parse={(text: string) => {
        isTyped.current = true;
        return text === "" ? null : text;
      }}
    />
  );
}

/** A nought is typed over, not behind. */
function selectZero({ target }: { target: EventTarget }): void {
  if (target instanceof HTMLInputElement && Number(target.value) === 0) target.select();
}

/** An amount without the zeros that the API fills it up with: two decimals stay. */
function shortAmount(amount: string | null): string {
  return amount?.replace(/^(?=\d+\.\d{4}$)(\d+\.\d\d\d??)0+$/, "$1") ?? "";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
