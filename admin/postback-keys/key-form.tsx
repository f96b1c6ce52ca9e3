import { useMemo } from "react";
import { CreateBase, useRecordContext, useTranslate } from "react-admin";
import { useParams, useSearchParams } from "react-router-dom";
import { DeleteButton } from "../forms/delete-button";
import { EntityForm } from "../forms/entity-form";
import { FieldInput } from "../forms/field-input";
import { fieldsOf } from "../forms/fields-of";
import { Fixed } from "../forms/fixed";
import { FormHead } from "../forms/form-head";
import { OldOne } from "../forms/old-one";
import { useLeave } from "../forms/use-leave";
import { type PostbackKey, type PostbackKeyInput, type PostbackLogFilter } from "../generated/types";
import { listLink } from "../lists/list-link";
import { type Change, type Resource } from "../schema/resources";
import { resources } from "../schema/waypost";
import { DeletedKey } from "./deleted-key";
import { ForAdvertiser } from "./for-advertiser";
import { WordRows } from "./word-rows";
import { foldWord, withRowFor } from "./words";
import "./postback-keys.css";

const keys = resources.find(({ type }) => type === ("PostbackKey" satisfies PostbackKey["__typename"])) as Resource;

/** A postback key: made, and then shown with what the advertiser needs; or renamed and given words for statuses. */
export function KeyForm() {
  const { id } = useParams();
  const asked = useAsked();
  if (id === undefined) {
    return (
      <CreateBase redirect="edit">
        <NewKey change={keys.create as Change} />
      </CreateBase>
    );
  }
  return (
    <OldOne resource={keys} redirect={asked.code ? () => refusedWith(id, asked.code) : "list"}>
      <OldKey change={keys.update as Change} />
    </OldOne>
  );
}

function NewKey({ change }: { change: Change }) {
  const translate = useTranslate();
  return (
    <EntityForm resource={keys} change={change} className="form-page">
      <FormHead title={translate("waypost.key.new")} resource={keys.name} />
      <section className="card fields">
        {change.fields.map((field) => (
          <FieldInput key={field.name} field={field} />
        ))}
      </section>
    </EntityForm>
  );
}

/** `?word=` asks what a word for a status means, `?currency=` which currency one stands for. Empty: nobody does. */
function useAsked(): { word: string; currency: string; code: RefusedWord } {
  const [params] = useSearchParams();
  const [word = "", currency = ""] = ["word", "currency"].map((name) => foldWord(params.get(name) ?? ""));
  return { word, currency, code: word ? "STATUS_UNKNOWN" : currency ? "CURRENCY_UNKNOWN" : "" };
}

/** The code of postbacks that were refused for a word that nobody knew; empty: none is asked about. */
type RefusedWord = "STATUS_UNKNOWN" | "CURRENCY_UNKNOWN" | "";

/** Where one goes on when a word stands for something now: to the postbacks that were refused for theirs, to replay them. */
function refusedWith(postbackKeyId: string, code: string): string {
  const filter = { postbackKeyId, code } satisfies PostbackLogFilter;
  return listLink("postbackLogs", filter).slice(1);
}

/** What is edited on the left, the key itself on the right. A word that is asked about has a row to begin with. */
function OldKey({ change }: { change: Change }) {
  const translate = useTranslate();
  const key = useRecordContext<PostbackKey>();
  const [isGone, leave] = useLeave(keys.name);
  const { statusWords, currencyWords, others } = fieldsOf<PostbackKeyInput>(change.fields)(
    "statusWords",
    "currencyWords",
  );
  const { word, currency } = useAsked();
  const record = useMemo(
    () =>
      key && {
        ...key,
        statusWords: withRowFor(key.statusWords, word, "meaning"),
        currencyWords: withRowFor(key.currencyWords, currency, "currency"),
      },
    [key, word, currency],
  );
  if (!key) return null;
  if (key.deleted) return <DeletedKey resource={keys} postbackKey={key} />;
  return (
    <EntityForm resource={keys} change={change} record={record} className="form-page wide" isGone={isGone}>
      <FormHead title={key.name} resource={keys.name} />
      <div className="form-columns">
        <div className="form-main">
          <ForAdvertiser postbackKey={key} />
          <WordRows field={statusWords} of="meaning" help={translate("waypost.key.words")} asked={word} />
          <WordRows field={currencyWords} of="currency" help={translate("waypost.key.currencies")} asked={currency} />
        </div>
        <div className="form-side">
          <section className="card fields">
            <h2>{translate("waypost.one.postbackKeys")}</h2>
            <Fixed<PostbackKey> resource={keys} row={{ ...key }} names={["key", "url", "createdAt", "lastUsedAt"]} />
            {others.map((field) => (
              <FieldInput key={field.name} field={field} />
            ))}
          </section>
          <DeleteButton resource={keys} row={{ ...key }} onDone={leave} />
        </div>
      </div>
    </EntityForm>
  );
}
