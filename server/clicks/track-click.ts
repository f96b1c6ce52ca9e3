import { type CatalogCache } from "../catalog/catalog-cache.js";
import { type TrackedFlow, type TrackedPath } from "../catalog/tracked-catalog.js";
import { isDatabaseDown } from "../kit/database-errors.js";
import { newId } from "../kit/id.js";
import { choosePath } from "./choose-path.js";
import { ClickRefusal, refusalOfStatus } from "./click-refusals.js";
import { type ClickStore } from "./click-store.js";
import { fillMacros, type MacroValues } from "./fill-macros.js";
import { type ClickRow } from "./store-clicks.js";
import { readVisitor, type Visitor, type VisitorParts, type VisitRequest } from "./visitor.js";

/** What tracking a click needs. */
export interface ClickParts extends VisitorParts {
  catalog: CatalogCache;
  clicks: ClickStore;
  /** Unix milliseconds. */
  now: () => number;
  /** From 0 (included) to 1 (excluded). */
  random: () => number;
}

/**
 * Turns a request on a tracking URL into the URL to send the visitor to, and remembers the click.
 *
 * Resolves when the click is safe on disk; no database stands between the visitor and the redirect.
 * @throws ClickRefusal
 */
export async function trackClick(parts: ClickParts, flowKey: string, request: VisitRequest): Promise<string> {
  const flow = await findFlow(parts, flowKey);
  const ms = parts.now();
  const { visitor, path } = visit(parts, flow, request);
  const click = newClick(newId(ms), ms, flow, path, visitor);
  await parts.clicks.append(click);
  return click.destinationUrl;
}

/** What `trackClick` would answer, without a click: its hash is empty in the URL. @throws ClickRefusal */
export async function previewClick(parts: ClickParts, flowKey: string, request: VisitRequest): Promise<string> {
  const flow = await findFlow(parts, flowKey);
  const { visitor, path } = visit(parts, flow, request);
  return newClick("", parts.now(), flow, path, visitor).destinationUrl;
}

function visit(parts: ClickParts, flow: TrackedFlow, request: VisitRequest): { visitor: Visitor; path: TrackedPath } {
  return { visitor: readVisitor(parts, request, flow.flow), path: choosePath(flow.paths, parts.random()) };
}

function findFlow({ catalog }: ClickParts, flowKey: string): TrackedFlow | Promise<TrackedFlow> {
  const found = catalog.flowByKey(flowKey);
  return found instanceof Promise ? found.catch(refuseUnknown).then(usable) : usable(found);
}

function usable(flow: TrackedFlow | undefined): TrackedFlow {
  if (!flow || flow.flow.deleted) throw new ClickRefusal("FLOW_NOT_FOUND");
  const refusal = refusalOfStatus[flow.flow.status];
  if (refusal) throw new ClickRefusal(refusal);
  if (flow.paths.length === 0) throw new ClickRefusal("FLOW_WITHOUT_PATH");
  return flow;
}

/** Whether there is such a flow only the database can tell, and it is away: a 503. Any other error is our own mistake. */
function refuseUnknown(error: unknown): never {
  throw isDatabaseDown(error) ? new ClickRefusal("STORAGE_DOWN") : error;
}

function newClick(id: string, ms: number, { flow }: TrackedFlow, path: TrackedPath, visitor: Visitor): ClickRow {
  const { query, cutter, ...columns } = visitor;
  const values: MacroValues = {
    query,
    named: {
      click: id,
      flow: flow.key,
      path: String(path.id),
      sub_id: visitor.subId ?? "",
      source: visitor.source ?? "",
      utm_source: visitor.source ?? "",
      utm_medium: visitor.medium ?? "",
      utm_campaign: visitor.campaign ?? "",
      utm_content: visitor.content ?? "",
      utm_term: visitor.term ?? "",
      country: visitor.country ?? "",
      ip: visitor.ip,
      user_agent: visitor.userAgent ?? "",
      referrer: visitor.referrer ?? "",
      timestamp: String(Math.floor(ms / 1000)),
    },
  };
  const destinationUrl = fillMacros(path.destination, values, () => cutter.note("destination"));
  return { id, flowId: flow.id, pathId: path.id, ...columns, destinationUrl, truncated: cutter.names() };
}
