import {
  ArrayInput,
  AutocompleteInput,
  BooleanInput,
  DateTimeInput,
  NumberInput,
  ReferenceInput,
  SelectInput,
  SimpleFormIterator,
  TextInput,
} from "react-admin";
import { wordOf } from "../schema/label";
import { type Field } from "../schema/resources";

/** The input of one field of a form, by its kind. Empty text means none. */
export function FieldInput({ field, source }: { field: Field; source: string }) {
  const shared = {
    source,
    label: field.label,
    helperText: field.help || false,
    isRequired: field.required,
    defaultValue: field.defaultValue,
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
      return <DateTimeInput {...shared} parse={(date: string) => (date ? new Date(date).toISOString() : null)} />;
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
                <FieldInput key={inner.name} field={inner} source={inner.name} />
              ))}
          </SimpleFormIterator>
        </ArrayInput>
      );
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
          className={field.kind === "CODE" || field.kind === "URL" || field.kind === "HASH" ? "mono-input" : undefined}
        />
      );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
