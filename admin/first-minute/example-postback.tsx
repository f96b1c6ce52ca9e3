import { useState } from "react";
import { type HttpError, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { toneOf } from "../cells/answer";
import { ask } from "../data/client";
import { examplePostback } from "../generated/example-postback";
import { type SentPostback } from "../generated/types";
import { ActButton } from "../layout/act-button";
import { UrlBox } from "./url-box";
import { type NewKey } from "./use-first-steps";
import "./first-minute.css";

const SEND = `mutation sendPostback($postbackKeyId: ID!, $query: String!) {
  sendPostback(postbackKeyId: $postbackKeyId, query: $query) { status code message conversionId }
}`;

type Answer = Pick<SentPostback, "status" | "code" | "message" | "conversionId">;

/**
 * A postback URL as an advertiser would request it: to copy, and to send from here.
 *
 * @param click  its click hash; without one the macro stands in its place, and there is nothing to send yet.
 */
export function ExamplePostback({
  postbackKey,
  click,
  onSent,
}: {
  postbackKey: NewKey | undefined;
  click?: string;
  onSent: () => void;
}) {
  const translate = useTranslate();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!postbackKey) {
    return (
      <p className="first-links">
        <span>{translate("waypost.first.postback.noKey")}</span>
        <Link to="/postbackKeys/create">{translate("waypost.first.postback.makeKey")}</Link>
      </p>
    );
  }
  const query = click ? examplePostback.replace("{click}", click) : examplePostback;
  async function send() {
    setBusy(true);
    try {
      setAnswer((await ask<{ sendPostback: Answer }>(SEND, { postbackKeyId: postbackKey?.id, query })).sendPostback);
      onSent();
    } catch (error) {
      setAnswer({ status: null, code: null, message: (error as HttpError).message, conversionId: null });
    }
    setBusy(false);
  }
  return (
    <>
      <UrlBox url={`${postbackKey.url}?${query}`} copy={translate("waypost.first.postback.copy")}>
        {click && (
          <ActButton variant="contained" onClick={send} isBusy={isBusy} className="url-do">
            {translate("waypost.first.postback.do")}
          </ActButton>
        )}
      </UrlBox>
      <div role="status">{answer && <AnswerBox answer={answer} />}</div>
    </>
  );
}

/** What the tracker has answered, in its words; or why it could not. */
function AnswerBox({ answer: { status, message } }: { answer: Answer }) {
  const translate = useTranslate();
  return (
    <p className={`answer-box ${status == null ? "bad" : toneOf(status)}`}>
      {status != null && <span className="chip mono">{status}</span>}
      <span>{translate(message, { _: message })}</span>
    </p>
  );
}
