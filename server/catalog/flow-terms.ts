import { type EntityManager } from "@mikro-orm/sql";
import { Flow } from "./flow.js";
import { Goal } from "./goal.js";

/** What a conversion needs to know of its flow. */
export interface FlowTerms {
  flow: Pick<Flow, "id" | "name" | "deleted">;
  /** Those of its goals that were asked for, by key. */
  goals: Map<string, Pick<Goal, "key" | "revenue" | "currency">>;
}

/**
 * Reads the terms of flows as they are in the database now, by id.
 *
 * @param goalKeys  the goals that are asked for; others are left out.
 */
export async function readFlowTerms(
  em: EntityManager,
  ids: number[],
  goalKeys: string[],
): Promise<Map<number, FlowTerms>> {
  if (ids.length === 0) return new Map();
  const own = em.fork({ keepTransactionContext: true });
  const flows = await own.find(Flow, { id: { $in: ids } });
  const asked = { flowId: { $in: ids }, key: { $in: goalKeys } };
  const goals = Map.groupBy(goalKeys.length > 0 ? await own.find(Goal, asked) : [], (goal) => goal.flowId);
  const termsOf = (flow: Flow): FlowTerms => ({
    flow,
    goals: new Map((goals.get(flow.id) ?? []).map((goal) => [goal.key, goal])),
  });
  return new Map(flows.map((flow) => [flow.id, termsOf(flow)]));
}
