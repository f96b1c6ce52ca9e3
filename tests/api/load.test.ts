import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fitsWeights, seededRandom } from "../kit/chi-square.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const CLICKS = 1000;
const WEIGHTS = [70, 30];

describe.each(databases)("A thousand visitors at once, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database, { random: seededRandom(7) });
  });
  afterAll(() => waypost.close());

  it("are all redirected and recorded, each with a click hash of its own, split by the weights of the paths", async () => {
    const flow = await waypost.seedFlow({
      paths: WEIGHTS.map((weight, index) => ({
        url: `https://example.com/${index}?click={click}&v={query.v}`,
        weight,
      })),
    });
    const visits = await Promise.all(
      Array.from({ length: CLICKS }, async (_, visitor) => {
        const response = await waypost.track(`/c/${flow.key}?v=${visitor}`);
        return { status: response.status, location: new URL(response.headers.get("location") ?? "none:") };
      }),
    );
    expect(new Set(visits.map(({ status }) => status))).toEqual(new Set([302]));
    expect(visits.map(({ location }) => location.searchParams.get("v"))).toEqual(
      visits.map((_, visitor) => `${visitor}`),
    );
    const urls = new Map(visits.map(({ location }) => [location.searchParams.get("click"), location.href]));
    expect(urls.size).toBe(CLICKS);
    const counts = WEIGHTS.map((_, index) => visits.filter(({ location }) => location.pathname === `/${index}`).length);
    expect(fitsWeights(counts, WEIGHTS), String(counts)).toBe(true);

    const recorded: { id: string; destinationUrl: string; path: { id: string } }[] = [];
    for (const page of [1, 2]) {
      const { clicks } = await waypost.ask(
        "query($flowId: ID!, $page: Int!) { clicks(filter: { flowId: $flowId }, page: $page, perPage: 500) { totalCount items { id destinationUrl path { id } } } }",
        { flowId: flow.id, page },
      );
      expect(clicks.totalCount).toBe(CLICKS);
      recorded.push(...clicks.items);
    }
    expect(new Map(recorded.map(({ id, destinationUrl }) => [id, destinationUrl]))).toEqual(
      new Map([...urls].sort(([one], [other]) => (String(one) < String(other) ? 1 : -1))),
    );
    expect(WEIGHTS.map((_, index) => recorded.filter(({ path }) => path.id === flow.paths[index]?.id).length)).toEqual(
      counts,
    );
  });

  it("who all convert are all counted once, though every postback comes twice", async () => {
    const flow = await waypost.seedFlow();
    const hashes = await Promise.all(Array.from({ length: 200 }, () => waypost.click(flow.key)));
    const answers = await Promise.all(
      [...hashes, ...hashes].map((click) => waypost.postback({ click, revenue: "1.5", status: "approved" })),
    );
    expect(answers.map(({ body }) => body.code).sort()).toEqual([
      ...Array(200).fill("RECORDED"),
      ...Array(200).fill("REPEATED"),
    ]);
    const { conversions, postbackLogs } = await waypost.ask(
      "query($flowId: ID!) { conversions(filter: { flowId: $flowId }) { totalCount } postbackLogs(filter: { flowId: $flowId }) { totalCount } }",
      { flowId: flow.id },
    );
    expect([conversions.totalCount, postbackLogs.totalCount]).toEqual([200, 400]);
  });
});
