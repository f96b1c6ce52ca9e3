import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { NO_RULES } from "../../server/catalog/postback-key.js";
import { readDevice } from "../../server/clicks/device.js";
import { dialects } from "../../server/conversions/dialect.js";
import { postbackCodes } from "../../server/conversions/postback-codes.js";
import { readQuery } from "../../server/conversions/read-body.js";
import { readPostback } from "../../server/conversions/read-postback.js";
import { computers, origins, phones } from "../../server/demo/people.js";
import { flows, subIds } from "../../server/demo/scenery.js";
import { momentOf } from "../../server/kit/id.js";
import { openFacts } from "./facts.js";
import { type Waypost } from "./waypost.js";

const MINUTE = 60_000;
const agents = [...phones, ...computers].map(({ userAgent }) => userAgent);
const countries = ["BR", "US", "DE", "MX", "IN", "FR", "GB", "ID", null];
const { APPROVED, PENDING, REJECTED } = ConversionStatus;

/** What a page of the admin has on it in a picture: the same each time. @param until  when all of it has happened. @returns an entry of each list, and a postback URL to be tried. */
export async function seedShowcase(
  waypost: Waypost,
  until: number,
): Promise<Record<"flow" | "click" | "converted" | "conversion" | "log" | "testUrl", string>> {
  const made: Awaited<ReturnType<typeof waypost.seedFlow>>[] = [];
  for (const { key, ...flow } of flows) made.push(await waypost.seedFlow({ ...flow, key: key.replace("demo-", "") }));
  const facts = await openFacts(waypost);
  const pick = <T>(values: readonly T[], index: number) => values[(index * 5) % values.length] as T;
  const now = until - MINUTE;
  const clicks = await facts.clicks(
    Array.from({ length: 420 }, (_, index) => ({
      at: now - index * 3 * MINUTE,
      flowId: Number(pick(made, index).id),
      ip: `${20 + ((index * 37) % 180)}.${(index * 53) % 250}.${(index * 11) % 250}.${(index * 29) % 250}`,
      country: pick(countries, index),
      subId: pick(subIds, index) || null,
      source: pick(origins, index).source || null,
      userAgent: pick(agents, index),
      ...readDevice(pick(agents, index)),
      destinationUrl:
        pick(flows, index)
          .paths[0]?.url.replace("{click}", `01a2${index}`)
          .replaceAll(/\{\w+\}/g, "x") ?? "",
      params: { gclid: `EAIaIQobChMI${index}`, placement: "feed" },
    })),
  );
  const converted = clicks.filter((_, index) => index % 7 === 3);
  const conversions = await facts.conversions(
    converted.map(({ id: clickHash, flowId }, index) => {
      const { goals } = flows[flowId - 1] as (typeof flows)[number];
      const goal = goals[index % goals.length];
      return {
        at: now - index * 20 * MINUTE,
        clickHash,
        flowId,
        goal: index % 9 ? (goal?.key ?? null) : null,
        goalSentKey: goal?.key ?? "",
        status: [APPROVED, APPROVED, PENDING, APPROVED, REJECTED][index % 5] as ConversionStatus,
        revenue: goal?.revenue ?? "0",
        currency: goal?.currency ?? "USD",
        uidKey: `order-${84_211 + index * 13}`,
      };
    }),
  );
  const codes = [
    "RECORDED",
    "UPDATED",
    "RECORDED",
    "CLICK_MISSING",
    "REPEATED",
    "RECORDED",
    "CLICK_UNREPLACED",
    "RECORDED",
    "STATUS_UNKNOWN",
    "RECORDED",
    "KEY_UNKNOWN",
  ] as const;
  const logs = await facts.logs(
    conversions.map(({ clickHash, flowId, goalSentKey, id, uidKey }, index) => {
      const code = codes[index % codes.length] as (typeof codes)[number];
      const { status, message } = postbackCodes[code];
      const isTaken = status === 200;
      const click = code === "CLICK_UNREPLACED" ? "{clickid}" : clickHash;
      const payload = {
        ...(code !== "CLICK_MISSING" && { subid: click }),
        event: goalSentKey,
        payout: "4.91",
        currency: "usd",
        status: code === "STATUS_UNKNOWN" ? "rebill2" : "sale",
        txid: uidKey,
        aff_name: "adnet-one",
        geo: "VN",
      };
      const query = readQuery(payload);
      const said =
        { UPDATED: "status pending → approved", CLICK_UNREPLACED: "subid", CLICK_MISSING: "subid" }[code as string] ??
        "status";
      return {
        uid: uidKey,
        ...(code === "RECORDED" ? { id } : { at: now - index * 20 * MINUTE }),
        flowId: isTaken || code === "STATUS_UNKNOWN" ? flowId : null,
        clickHash: click,
        clickKey: click,
        goal: goalSentKey,
        status,
        code,
        message: (message as (...details: string[]) => string)(
          said,
          code === "CLICK_UNREPLACED" ? "{clickid}" : "rebill2",
          "pending_status=, approved_status=, rejected_status=, ignore_status=",
        ),
        method: index % 3 ? "GET" : "POST",
        ip: "185.21.63.180",
        conversionId: isTaken ? id : null,
        postbackKeyId: 1,
        payload,
        reading: readPostback({ query, body: new Map() }, dialects.WAYPOST, NO_RULES).parameters,
      };
    }),
  );
  await facts.changes(
    conversions.map(({ id, status, revenue, currency }) => ({
      id,
      conversionId: id,
      status: status === APPROVED ? PENDING : status,
      revenue,
      currency,
      change: { before: null, after: { status: status === APPROVED ? PENDING : status, revenue, currency } },
    })),
  );
  const decided = conversions.filter(({ status }) => status === APPROVED);
  await facts.changes(
    decided.map(({ id: conversionId, status, revenue, currency }, index) => ({
      at: momentOf(conversionId).getTime() + MINUTE / 2,
      conversionId,
      status,
      change: { before: { status: PENDING, revenue, currency }, after: { status, revenue, currency } },
      userId: 1,
      note: index % 2 ? null : "Confirmed by the network's manager.",
    })),
  );
  await facts.putAside(
    1,
    { id: clicks[0]?.id, flowId: 1, country: "Brazil" },
    "Data too long for column 'country' at row 1",
  );
  await facts.close();
  return {
    flow: made[0]?.id ?? "",
    click: clicks[2]?.id ?? "",
    converted: conversions[0]?.clickHash ?? "",
    conversion: conversions[0]?.id ?? "",
    log: logs.find(({ code }) => code === "STATUS_UNKNOWN")?.id ?? "",
    testUrl: `/postback/${waypost.postbackKey}?subid=${conversions[0]?.clickHash}&payout=1,234.50&currency=usd&status=Sale&txid={tid}&geo=VN`,
  };
}
