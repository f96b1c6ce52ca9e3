import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { toneOf } from "../cells/answer";
import { Nothing } from "../cells/cell";
import { CopyButton } from "../cells/copy-button";
import { isHash } from "../cells/hash";
import { Facts } from "../drawer/facts";
import { type PostbackLog } from "../generated/types";
import { type DrawerProps } from "../overrides";
import { readingsOf } from "./read-as";

/** What stands above the facts, or below them. */
const ELSEWHERE = [
  "status",
  "code",
  "message",
  "payload",
  "payloadCut",
  "suppressed",
  "reading",
  "change",
] satisfies (keyof PostbackLog)[];

/** One postback: what happened, its facts, and everything that the advertiser sent, as sent. */
export function PostbackEntry({ resource, row }: DrawerProps<PostbackLog>) {
  const translate = useTranslate();
  const { status, code, message, clickHash, suppressed, payloadCut } = row;
  const isOurs = row.flow != null && isHash(clickHash ?? "");
  return (
    <>
      <div className={`verdict ${toneOf(status)}`}>
        <p className="strong">{message}</p>
        <p className="mono">{code}</p>
      </div>
      <Facts resource={resource} row={{ ...row }} without={ELSEWHERE} />
      {suppressed > 0 && <p className="ink2">{translate("waypost.postback.suppressed", suppressed)}</p>}
      <Sent row={row} />
      {payloadCut && <p className="ink2">{translate("waypost.postback.cut")}</p>}
      {isOurs && (
        <Link to={`/clicks?view=${clickHash?.trim().toLowerCase()}`}>{translate("waypost.postback.openClick")}</Link>
      )}
    </>
  );
}

function Sent({ row }: { row: PostbackLog }) {
  const translate = useTranslate();
  const payload = row.payload as Record<string, unknown>;
  const readings = readingsOf(payload, row.method, row.code);
  const entries = Object.entries(payload);
  return (
    <section className="sent">
      <div className="sent-head">
        <h3>{translate("waypost.postback.sent")}</h3>
        <CopyButton text={JSON.stringify(payload, null, 2)} label={translate("waypost.postback.copy")} />
      </div>
      {entries.length === 0 ? (
        <p className="ink3">{translate("waypost.postback.nothing")}</p>
      ) : (
        <table className="json-table">
          <tbody>
            {entries.map(([name, value]) => (
              <tr key={name}>
                <th scope="row" className="mono">
                  {name}
                </th>
                <td className="mono whole">
                  {(Array.isArray(value) ? value : [value]).map(asText).join("\n") || <Nothing />}
                </td>
                <td className="read-as">
                  <ReadAs reading={readings.get(name)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function ReadAs({ reading }: { reading: ReturnType<ReturnType<typeof readingsOf>["get"]> }) {
  const translate = useTranslate();
  if (!reading) return <span className="chip off">{translate("waypost.postback.kept")}</span>;
  const { as, how } = reading;
  return (
    <span className={`chip ${how === "unusable" ? "bad" : "off"}`}>{translate(`waypost.postback.${how}`, { as })}</span>
  );
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
