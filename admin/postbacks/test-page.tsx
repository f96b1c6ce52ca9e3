import { useTranslate } from "react-admin";
import { useSearchParams } from "react-router-dom";
import { Cell } from "../cells/cell";
import { useAsked } from "../data/use-asked";
import { type PostbackLog } from "../generated/types";
import { HelpLink } from "../help/help-link";
import { type Resource } from "../schema/resources";
import { resources } from "../schema/waypost";
import { PostbackDetails } from "./postback-details";
import { fromAddress, TestForm, toAddress } from "./test-form";

const TEST = `query testPostback($url: String!, $method: String!, $body: String, $contentType: String) {
  postback: testPostback(url: $url, method: $method, body: $body, contentType: $contentType) {
    status code message cause cure warned method dialect clickHash goal uid payload payloadCut change
    reading { parameter name place value means by warning code message cause cure }
    flow { id name } postbackKey { id name } conversion { id }
  }
}`;

const log = resources.find(({ type }) => type === ("PostbackLog" satisfies PostbackLog["__typename"])) as Resource;

/** What a postback would come to, before anybody sends it; all of it is in the address: `?url=`. */
export function TestPage() {
  const translate = useTranslate();
  const [params, setParams] = useSearchParams();
  const request = fromAddress(params);
  const { url, method, body, contentType } = request;
  const variables = { url, method, ...(body && { body, contentType }) };
  const { data, error, isFetching, refetch } = useAsked<{ postback: PostbackLog }>(TEST, variables, {
    once: true,
    enabled: url !== "",
  });
  const ofUrl = error?.body?.errors?.url;
  return (
    <div className="form-page">
      <div className="page-head">
        <h1>{translate("waypost.test.title")}</h1>
        <span className="spring" />
        <HelpLink screen="postbackLogs/test" />
      </div>
      <TestForm
        request={request}
        problem={ofUrl}
        onTest={(next) => {
          const address = toAddress(next);
          if (address.toString() === params.toString()) refetch();
          else setParams(address);
        }}
      />
      <div role="status" aria-busy={isFetching}>
        {error && !ofUrl && <p className="bad-text">{translate(error.message, { _: error.message })}</p>}
        {data && !error && (
          <section className="card test-answer">
            <div>
              <h2>{translate("waypost.test.answer")}</h2>
              <p className="change-line">
                {log.columns
                  .filter(({ name }) => name === ("status" satisfies keyof PostbackLog))
                  .map((field) => (
                    <Cell key={field.name} field={field} row={{ ...data.postback }} />
                  ))}
                <span className="ink2">{translate("waypost.test.nothing")}</span>
              </p>
            </div>
            <PostbackDetails resource={log} postback={data.postback} />
          </section>
        )}
      </div>
    </div>
  );
}
