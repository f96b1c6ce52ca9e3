import { type EntityManager } from "@mikro-orm/sql";
import { Flow } from "./flow.js";
import { Goal } from "./goal.js";

/** What a conversion needs to know of its flow. */
export interface FlowTerms {
  flow: Pick<Flow, "id" | "name" | "deleted">;
  /** Its goals by key. */
  goals: Map<string, Pick<Goal, "key" | "revenue" | "currency">>;
}

/** Reads the terms of flows as they are in the database now, by id. */
export async function readFlowTerms(em: EntityManager, ids: number[]): Promise<Map<number, FlowTerms>> {
  if (ids.length === 0) return new Map();
  const own = em.fork({ keepTransactionContext: true });
  const flows = await own.find(Flow, { id: { $in: ids } });
  const goals = Map.groupBy(await own.find(Goal, { flowId: { $in: ids } }), (goal) => goal.flowId);
  const termsOf = (flow: Flow): FlowTerms => ({
    flow,
    goals: new Map((goals.get(flow.id) ?? []).map((goal) => [goal.key, goal])),
  });
  return new Map(flows.map((flow) => [flow.id, termsOf(flow)]));
}
