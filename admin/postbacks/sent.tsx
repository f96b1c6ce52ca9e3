import { useTranslate } from "react-admin";
import { formatAmount } from "../cells/amount";
import { Nothing } from "../cells/cell";
import { CopyButton } from "../cells/copy-button";
import { type ParameterReading, type PostbackLog } from "../generated/types";
import { wordOf } from "../schema/label";

/** Everything that a postback sent, as sent, with how each parameter was read and what it means. */
export function Sent({ postback }: { postback: PostbackLog }) {
  const translate = useTranslate();
  const payload = postback.payload as Record<string, unknown>;
  const entries = Object.entries(payload);
  const readings = postback.reading ?? [];
  const hasBody = readings.some(({ place }) => place === "body");
  return (
    <section className="sent">
      <div className="sent-head">
        <h3>{translate("waypost.postback.sent")}</h3>
        <CopyButton text={JSON.stringify(payload, null, 2)} label={translate("waypost.postback.copy")} />
      </div>
      {entries.length === 0 ? (
        <p className="ink3">{translate("waypost.postback.nothing")}</p>
      ) : (
        <table className="json-table sent-table">
          <tbody>
            {entries.map(([name, value]) => {
              const own = readings.filter((reading) => reading.name === name);
              return (
                <tr key={name}>
                  <th scope="row" className="mono">
                    {name}
                  </th>
                  <td>
                    <div className="mono whole">
                      {(Array.isArray(value) ? value : [value]).map(asText).join("\n") || <Nothing />}
                    </div>
                    {own.map((reading) => (
                      <Meaning key={reading.place} reading={reading} hasBody={hasBody} />
                    ))}
                  </td>
                  <td className="read-as">
                    {postback.reading != null && <ReadAs readings={own} isEmpty={isEmpty(value)} />}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {postback.payloadCut && <p className="ink2">{translate("waypost.postback.cut")}</p>}
    </section>
  );
}

/** As which of our parameters it was read, in whichever place; what is none of them was only kept, and nothing was left at all. */
function ReadAs({ readings, isEmpty }: { readings: ParameterReading[]; isEmpty: boolean }) {
  const translate = useTranslate();
  if (readings.length === 0)
    return <span className="chip off">{translate(`waypost.postback.${isEmpty ? "empty" : "kept"}`)}</span>;
  return readings.map((reading) => {
    const [how, tone] = lookOf(reading);
    return (
      <span key={reading.place} className={`chip ${tone}`}>
        {translate(`waypost.postback.${how}`, { as: reading.parameter })}
      </span>
    );
  });
}

function lookOf({ means, warning }: ParameterReading): [how: string, tone: string] {
  if (means != null) return ["readAs", "off"];
  return warning == null ? ["unusable", "bad"] : ["leftOut", "wait"];
}

/** What counts of a value where that is not the value itself, who says so, and what should be mended. */
function Meaning({ reading, hasBody }: { reading: ParameterReading; hasBody: boolean }) {
  const translate = useTranslate();
  const { place, value, by, warning } = reading;
  const means = shownMeaning(reading);
  return (
    <>
      {hasBody && <p className="ink3">{translate(`waypost.postback.place.${place}`)}</p>}
      {means !== null && means !== value && (
        <p className="ink2">
          {translate("waypost.postback.means", { means })}
          {by && `, ${translate(`waypost.postback.by.${by}`)}`}
        </p>
      )}
      {warning && <p className="wait-text">{warning}</p>}
    </>
  );
}

/** What counts of a value, as the lists show such values; null: nothing. */
function shownMeaning({ parameter, means }: ParameterReading): string | null {
  if (means == null) return null;
  if (parameter.endsWith("status")) return wordOf(means);
  if (parameter !== "revenue") return means;
  const [amount = "", ...currency] = means.split(" ");
  return [formatAmount(amount), ...currency].join(" ");
}

/** Whether a parameter was sent without a value: then it counts as not sent. */
function isEmpty(value: unknown): boolean {
  return [value].flat().every((each) => each == null || String(each).trim() === "");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
