import { ArrayInputBase, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { FieldInput } from "../forms/field-input";
import { fieldsOf } from "../forms/fields-of";
import { ItemRows } from "../forms/item-rows";
import { type PostbackKeyInput, type StatusWordInput } from "../generated/types";
import { type Field } from "../schema/resources";
import { SeveralWords } from "./several-words";

interface WordRowsProps {
  field: Field;
  /** The word whose meaning is filled in first; empty: none. */
  asked: string;
}

/** What words for a status mean in the postbacks of a key, one row each. */
export function WordRows({ field, asked }: WordRowsProps) {
  const translate = useTranslate();
  const source = field.name as "statusWords" satisfies keyof PostbackKeyInput;
  const words: Partial<StatusWordInput>[] = useWatch({ name: source }) ?? [];
  const { word, meaning, others } = fieldsOf<StatusWordInput>(field.fields)("word", "meaning");
  return (
    <section className="card">
      <h2>{field.label}</h2>
      <p className="ink2">{translate("waypost.key.words")}</p>
      <ArrayInputBase source={source}>
        <ItemRows
          field={field}
          add={translate("waypost.key.addWord")}
          nameOf={(index) => words[index]?.word || translate("waypost.key.word", { number: index + 1 })}
          isOrdered={false}
        >
          {(index) => (
            <div className="word-row">
              <FieldInput field={word} compact />
              <FieldInput field={meaning} compact focused={asked !== "" && words[index]?.word === asked} />
              {others.map((each) => (
                <FieldInput key={each.name} field={each} compact />
              ))}
            </div>
          )}
        </ItemRows>
      </ArrayInputBase>
      <SeveralWords source={source} meaning={meaning} />
    </section>
  );
}
