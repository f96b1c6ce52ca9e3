import { useMemo } from "react";
import { ArrayInputBase, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { FieldInput } from "../forms/field-input";
import { fieldsOf } from "../forms/fields-of";
import { ItemRows } from "../forms/item-rows";
import { type PostbackKeyInput } from "../generated/types";
import { type Field } from "../schema/resources";
import { SeveralWords } from "./several-words";
import { type Standing, type WordDraft } from "./words";

type Source = Extract<keyof PostbackKeyInput, "statusWords" | "currencyWords">;

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
  const source = field.name as Source;
  const standing = fieldsOf<WordDraft>(field.fields)(of)[of];
  const { useName, Item } = useMemo(() => wordOf(field, of, asked), [field, of, asked]);
  return (
    <section className="card">
      <h2>{field.label}</h2>
      <p className="ink2">{help}</p>
      <ArrayInputBase source={source}>
        <ItemRows
          field={field}
          add={translate("waypost.key.addWord")}
          useName={useName}
          isOrdered={false}
          Item={Item}
        />
      </ArrayInputBase>
      <SeveralWords source={source} standing={standing} />
    </section>
  );
}

/** The inputs of one word, and what it is called. */
function wordOf(field: Field, of: Standing, asked: string) {
  const source = field.name as Source;
  const { word, [of]: standing, others } = fieldsOf<WordDraft>(field.fields)("word", of);
  const useWord = (index: number): string => useWatch({ name: `${source}.${index}.word` }) ?? "";
  function useName(index: number): string {
    const translate = useTranslate();
    return useWord(index) || translate("waypost.key.word", { number: index + 1 });
  }
  function Item({ index }: { index: number }) {
    const text = useWord(index);
    return (
      <div className="word-row">
        <FieldInput field={word} compact />
        <FieldInput field={standing} compact focused={asked !== "" && text === asked} />
        {others.map((each) => (
          <FieldInput key={each.name} field={each} compact />
        ))}
      </div>
    );
  }
  return { useName, Item };
}
