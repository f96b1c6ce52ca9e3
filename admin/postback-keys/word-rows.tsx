import { ArrayInputBase, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { FieldInput } from "../forms/field-input";
import { fieldsOf } from "../forms/fields-of";
import { ItemRows } from "../forms/item-rows";
import { type PostbackKeyInput } from "../generated/types";
import { type Field } from "../schema/resources";
import { SeveralWords } from "./several-words";
import { type Standing, type WordDraft } from "./words";

interface WordRowsProps {
  field: Field;
  /** The field of a row that says what its word stands for. */
  of: Standing;
  help: string;
  /** The word for which that is filled in first; empty: none. */
  asked: string;
}

/** What words of advertisers stand for in the postbacks of a key, one row each. */
export function WordRows({ field, of, help, asked }: WordRowsProps) {
  const translate = useTranslate();
  const source = field.name as "statusWords" | "currencyWords" satisfies keyof PostbackKeyInput;
  const words: Partial<WordDraft>[] = useWatch({ name: source }) ?? [];
  const { word, [of]: standing, others } = fieldsOf<WordDraft>(field.fields)("word", of);
  return (
    <section className="card">
      <h2>{field.label}</h2>
      <p className="ink2">{help}</p>
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
              <FieldInput field={standing} compact focused={asked !== "" && words[index]?.word === asked} />
              {others.map((each) => (
                <FieldInput key={each.name} field={each} compact />
              ))}
            </div>
          )}
        </ItemRows>
      </ArrayInputBase>
      <SeveralWords source={source} standing={standing} />
    </section>
  );
}
