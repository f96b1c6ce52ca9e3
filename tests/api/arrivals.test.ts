import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../kit/raw-request.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const head = (line: string, ...headers: string[]) =>
  [line, "Host: x", "Connection: close", ...headers, "", ""].join("\r\n");
const utf8 = (text: string) => Buffer.from(text).toString("latin1");
const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const FORM = "Content-Type: application/x-www-form-urlencoded";

describe.each(databases)("What arrives, on %s", (database) => {
  let waypost: Waypost;
  let flowKey: string;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    const flow = await waypost.seedFlow({ paths: [{ url: "https://example.com/?click={click}&kw={query.kw}" }] });
    flowKey = flow.key;
  });
  afterAll(() => waypost.close());

  /** Sends bytes as they are, and waits for what is stored by the next question. */
  async function send(...packets: string[]) {
    const answer = await rawRequest(waypost.trackerUrl, packets);
    await waypost.track("/healthz");
    return answer;
  }
  const hashOf = (location: string | null) => new URL(location ?? "").searchParams.get("click") ?? "";
  const clickById = async (id: string) =>
    (
      await waypost.ask("query($id: ID!) { click(id: $id) { ip subId source params destinationUrl truncated } }", {
        id,
      })
    ).click;
  const metric = async (line: string) =>
    Number(new RegExp(`^${line} (.*)$`, "m").exec(await (await waypost.track("/metrics")).text())?.[1] ?? 0);

  it("1.1 records a click whose target has raw bytes", async () => {
    const redirected = await metric('clicks_total{answer="REDIRECTED"}');
    const { status, headers } = await send(
      head(`GET ${utf8(`/c/${flowKey}?kw=café olé&sub_id=Крем`)} HTTP/1.1`, "X-Forwarded-For: 9.9.9.9"),
    );
    expect(status).toBe(302);
    expect(headers.get("location")).toContain("&kw=caf%C3%A9%20ol%C3%A9");
    expect(await clickById(hashOf(headers.get("location")))).toEqual({
      ip: "9.9.9.9",
      subId: "Крем",
      source: null,
      params: { kw: "café olé" },
      destinationUrl: headers.get("location"),
      truncated: null,
    });
    expect(await metric('clicks_total{answer="REDIRECTED"}')).toBe(redirected + 1);
  });

  it.each(["GET", "POST"])("1.1 records and logs a postback whose target has raw bytes: %s", async (method) => {
    const recorded = await metric('postbacks_total{code="RECORDED"}');
    const click = await waypost.click(flowKey);
    const target = utf8(`/postback/${waypost.postbackKey}?click=${click}&status=approved&offer_name=Крем`);
    const packets =
      method === "GET"
        ? [head(`GET ${target} HTTP/1.1`)]
        : [head(`POST ${target} HTTP/1.1`, FORM, "Content-Length: 10"), utf8("uid=é&"), "x=1"];
    const { status, body } = await send(...packets);
    expect([status, JSON.parse(body).code]).toEqual([200, "RECORDED"]);
    const { postbackLogs, conversions } = await waypost.ask(
      `query($click: String, $id: ID) { postbackLogs(filter: { clickHash: $click }) { items { status code method payload } }
         conversions(filter: { clickHash: $id }) { items { status uid } } }`,
      { click, id: click },
    );
    const sent = method === "GET" ? {} : { uid: "é", x: "1" };
    const payload = { click, status: "approved", offer_name: "Крем", ...sent };
    expect(postbackLogs.items).toEqual([{ status: 200, code: "RECORDED", method, payload }]);
    expect(conversions.items).toEqual([{ status: "APPROVED", uid: method === "GET" ? null : "é" }]);
    expect(await metric('postbacks_total{code="RECORDED"}')).toBe(recorded + 1);
  });

  it("1.1 counts and logs what still cannot be read, with its first line", async () => {
    const { status, body } = await send(head("GET c/flow HTTP/1.1"));
    expect([status, JSON.parse(body)]).toEqual([400, { status: 400, message: "This is not HTTP." }]);
    expect(await metric('requests_unreadable_total{code="HPE_INVALID_URL"}')).toBe(1);
    expect(waypost.logLines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ code: "HPE_INVALID_URL", firstLine: "GET c/flow HTTP/1.1", suppressed: 0 }),
    );
  });

  it("1.3 and 1.4 read a link that was copied from HTML", async () => {
    const flow = await waypost.seedFlow({ defaultSource: "default" });
    const click = await waypost.click(flow.key, "?sub_id=1&amp;utm_source=fb&amp;kw=caf%C3%A9+100%");
    expect(await clickById(click)).toMatchObject({ subId: "1", source: "fb", params: { "amp;kw": "café 100%" } });
  });

  it("1.6 keeps labels of 512 characters, of the link and of the flow, and marks what is cut", async () => {
    const long = "é".repeat(512);
    const flow = await waypost.seedFlow({
      defaultSource: long,
      paths: [{ url: "https://example.com/?click={click}" }],
    });
    const many = Array.from({ length: 51 }, (_, index) => `p${index}=${index}`).join("&");
    const whole = await waypost.click(flow.key, `?sub_id=${long}`);
    expect(await clickById(whole)).toMatchObject({ subId: long, source: long, truncated: null });
    const cut = await waypost.click(flow.key, `?sub_id=${long}x&p0=${"x".repeat(513)}&${many}`, {
      "user-agent": "u".repeat(900),
    });
    expect(await clickById(cut)).toMatchObject({ subId: long, truncated: "user_agent, query.p0, query, sub_id" });
    expect(Object.keys((await clickById(cut)).params)).toHaveLength(50);
  });

  it.each(["/", "&sub_id=1", "/?sub_id=1"])("1.7 takes %s behind the flow key, which has no case", async (behind) => {
    const { status, headers } = await waypost.track(`/c/${flowKey.toUpperCase()}${behind}`);
    expect(status).toBe(302);
    const { subId } = await clickById(hashOf(headers.get("location")));
    expect(subId).toBe(behind === "/" ? null : "1");
  });

  it.each(["/postback/KEY/", "/KEY/postback/"])("1.7 takes a postback at %s", async (path) => {
    const click = await waypost.click(flowKey);
    const answer = await waypost.track(`${path.replace("KEY", waypost.postbackKey)}?subid=${click}&status=rejected`);
    expect([answer.status, (await answer.json()).code]).toEqual([200, "RECORDED"]);
  });

  it("1.7 counts what leads nowhere", async () => {
    const flows = await metric('clicks_total{answer="FLOW_NOT_FOUND"}');
    const others = await metric("requests_not_found_total");
    for (const path of ["/c/no-such-flow", `/c/${flowKey}/x`, "/c/", "/postback/a/b", "/nothing"]) {
      expect((await waypost.track(path)).status).toBe(404);
    }
    expect(await metric('clicks_total{answer="FLOW_NOT_FOUND"}')).toBe(flows + 3);
    expect(await metric("requests_not_found_total")).toBe(others + 2);
  });

  it("1.8 refuses a look ahead, and records the click that comes after it", async () => {
    const flow = await waypost.seedFlow();
    const counted = await metric('clicks_total{answer="LOOK_AHEAD"}');
    const answer = await waypost.track(`/c/${flow.key}`, { headers: { "sec-purpose": "prefetch;prerender" } });
    expect([answer.status, answer.headers.get("cache-control"), await answer.text()]).toEqual([503, "no-store", ""]);
    const click = await waypost.click(flow.key, "", { "user-agent": CHROME });
    const { clicks } = await waypost.ask("query($id: ID) { clicks(filter: { flowId: $id }) { items { id bot } } }", {
      id: flow.id,
    });
    expect(clicks.items).toEqual([{ id: click, bot: false }]);
    expect(await metric('clicks_total{answer="LOOK_AHEAD"}')).toBe(counted + 1);
  });
});
