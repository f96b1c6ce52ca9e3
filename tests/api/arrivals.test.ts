import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../kit/raw-request.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const head = (line: string, ...headers: string[]) =>
  [line, "Host: x", "Connection: close", ...headers, "", ""].join("\r\n");
const utf8 = (text: string) => Buffer.from(text).toString("latin1");
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
    (await waypost.ask("query($id: ID!) { click(id: $id) { ip subId source params destinationUrl } }", { id })).click;
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
});
