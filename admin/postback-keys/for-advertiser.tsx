import { useTranslate } from "react-admin";
import { UrlBox } from "../first-minute/url-box";
import { examplePostback } from "../generated/example-postback";
import { type PostbackKey } from "../generated/types";
import { TestLink } from "../postbacks/test-link";
import { NetworkChoice } from "../presets/network-choice";
import "../first-minute/first-minute.css";

/** What the advertiser puts in as postback URL: that of its network, or an example. */
export function ForAdvertiser({ postbackKey }: { postbackKey: PostbackKey }) {
  const translate = useTranslate();
  const url = `${postbackKey.url}?${examplePostback}`;
  return (
    <section className="card">
      <h2>{translate("waypost.key.example")}</h2>
      <NetworkChoice postbackKey={postbackKey}>
        <UrlBox url={url} copy={translate("waypost.key.copy")}>
          <TestLink url={url} />
        </UrlBox>
        <p className="ink2 note">{translate("waypost.key.exampleHelp")}</p>
      </NetworkChoice>
    </section>
  );
}
