import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { networks } from "../../server/presets/network.js";
import { trafficSourcePreset, trafficSources } from "../../server/presets/traffic-source.js";
import { networkPostbacks } from "../kit/network-postbacks.js";
import { filledLink, labelsOf } from "../kit/traffic-source-clicks.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("Presets, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
  });
  afterAll(() => waypost.close());

  it("are listed by name, and made for a postback key and for a flow", async () => {
    const { id, key } = await waypost.seedFlow();
    const {
      networks: listed,
      trafficSources: sources,
      ...presets
    } = await waypost.ask(
      `query($id: ID!) {
      networks { name } trafficSources { name }
      networkPreset(name: "cake", postbackKeyId: "1") { postbackUrl destination defaultStatus notes { parameter } }
      trafficSourcePreset(name: "adcash.com", flowId: $id) { trackingUrl clickIdParameter }
    }`,
      { id },
    );
    expect(listed).toEqual(networks.map(({ name }) => ({ name })));
    expect(sources).toEqual(trafficSources.map(({ name }) => ({ name })));
    expect(presets).toEqual({
      networkPreset: {
        postbackUrl: `${waypost.trackerUrl}/postback/${waypost.postbackKey}?click=#s2#&revenue=#price#&uid=#tid#`,
        destination: "s2={click}",
        defaultStatus: "APPROVED",
        notes: [{ parameter: "currency" }, { parameter: "status" }],
      },
      trafficSourcePreset: {
        trackingUrl: `${waypost.trackerUrl}/c/${key}?utm_source=adcash.com&sub_id=[zone]&utm_campaign=[campaign]&external_id=[clickid]`,
        clickIdParameter: "external_id",
      },
    });
  });

  it("are none where there is no such network, source, key or flow", async () => {
    const { generatePostbackKey: gone } = await waypost.ask("mutation { generatePostbackKey { id } }");
    await waypost.ask("mutation($id: ID!) { deletePostbackKey(id: $id) { id } }", gone);
    const answer = await waypost.ask(
      `query($id: ID!) {
        a: networkPreset(name: "nobody", postbackKeyId: "1") { postbackUrl }
        b: networkPreset(name: "cake", postbackKeyId: $id) { postbackUrl }
        c: networkPreset(name: "cake", postbackKeyId: "x") { postbackUrl }
        d: trafficSourcePreset(name: "nobody", flowId: "1") { trackingUrl }
        e: trafficSourcePreset(name: "Bing.com", flowId: "999") { trackingUrl }
      }`,
      gone,
    );
    expect(Object.values(answer)).toEqual([null, null, null, null, null]);
  });

  /** Some of them; all are read in tests/unit/presets.test.ts and tests/unit/network-postbacks.test.ts. */
  const someOf = <T>(all: T[]) => all.filter((_, place) => place % 16 === 0);

  it("of a traffic source bring labels, the source's click id and everything else with the click", async () => {
    const { id, key } = await waypost.seedFlow();
    const expected = await Promise.all(
      someOf(trafficSources).map(async (source) => {
        const link = filledLink(trafficSourcePreset(source, `/c/${key}`).trackingUrl);
        const hash = await waypost.click(link.slice("/c/".length));
        return [hash, { id: hash, ...labelsOf(source) }] as const;
      }),
    );
    const { clicks } = await waypost.ask(
      "query($id: ID) { clicks(filter: {flowId: $id}, perPage: 500) { items { id source subId medium campaign content term params } } }",
      { id },
    );
    expect(new Map(clicks.items.map((click: { id: string }) => [click.id, click]))).toEqual(new Map(expected));
  });

  it("of a network report conversions with the right click, status, amount, currency and uid", async () => {
    const { key } = await waypost.seedFlow();
    const templates = someOf(networks);
    const count = templates.flatMap((network) => networkPostbacks(network, String)).length;
    const clicks = await Promise.all(Array.from({ length: count }, () => waypost.click(key)));
    const postbacks = templates.flatMap((network) => networkPostbacks(network, () => clicks.pop() as string));
    const answers = await Promise.all(
      postbacks.map(async ({ query }) => (await waypost.track(`/postback/${waypost.postbackKey}?${query}`)).json()),
    );
    expect(new Set(answers.map((answer) => (answer as { code: string }).code))).toEqual(new Set(["RECORDED"]));

    const recorded = new Map<string, object>();
    for (let page = 1; recorded.size < count; page += 1) {
      const { conversions } = await waypost.ask(
        "query($page: Int) { conversions(page: $page, perPage: 500) { items { clickHash status revenue currency uid } } }",
        { page },
      );
      for (const { clickHash, ...says } of conversions.items) recorded.set(clickHash, says);
      if (conversions.items.length === 0) break;
    }
    const expected = postbacks.map(({ query, says }) => [
      new URLSearchParams(query).get("click"),
      {
        ...says,
        status: says.status ?? "PENDING",
        revenue: says.revenue ?? "0.0000",
        currency: says.currency ?? "USD",
      },
    ]);
    expect(recorded).toEqual(new Map(expected as [string, object][]));
  });
});
