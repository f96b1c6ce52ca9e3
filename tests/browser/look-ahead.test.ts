import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage } from "../kit/browser.js";
import { until } from "../kit/until.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

let waypost: Waypost;
let site: Server;
let origin: string;
/** The page with the link, as a test has it. */
let page: string;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  site = createServer((request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(request.url === "/" ? page : "<h1>Landing page</h1>");
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(async () => {
  site?.closeAllConnections();
  site?.close();
  await waypost?.close();
});

const lookAheads = async () =>
  Number(/clicks_total\{answer="LOOK_AHEAD"\} (\d+)/.exec(await (await waypost.track("/metrics")).text())?.[1] ?? 0);

describe("A page that has the browser look ahead at a tracking URL", () => {
  it.each(["prefetch", "prerender"])("1.8 makes no click by %s, and one when the person clicks", async (rule) => {
    const flow = await waypost.seedFlow({ paths: [{ url: `${origin}/landing?click={click}` }] });
    const url = `${waypost.trackerUrl}/c/${flow.key}`;
    const rules = JSON.stringify({ [rule]: [{ source: "list", urls: [url], eagerness: "immediate" }] });
    page = `<a href="${url}">To the offer</a><script type="speculationrules">${rules}</script>`;
    const before = await lookAheads();
    const visitor = await openPage({ userAgent: CHROME });
    await visitor.goto(origin);
    await until(async () => (await lookAheads()) > before);

    await visitor.getByRole("link").click();
    await visitor.getByRole("heading", { name: "Landing page" }).waitFor();
    const { clicks } = await waypost.ask("query($id: ID) { clicks(filter: { flowId: $id }) { items { id bot } } }", {
      id: flow.id,
    });
    expect(clicks.items).toEqual([{ id: new URL(visitor.url()).searchParams.get("click"), bot: false }]);
    await visitor.context().close();
  });
});
