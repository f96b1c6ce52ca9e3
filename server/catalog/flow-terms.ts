import { type EntityManager } from "@mikro-orm/sql";
import { type Condition } from "../kit/condition.js";
import { readRows } from "../kit/rows.js";
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
  const where: Condition[] = [{ property: "id", is: "in", value: ids }];
  const flows = await readRows(em, Flow, { where, only: ["id", "name", "deleted"] });
  const goals = Map.groupBy(await readGoals(em, ids, goalKeys), ({ flowId }) => flowId);
  const termsOf = (flow: FlowTerms["flow"]): FlowTerms => ({
    flow,
    goals: new Map((goals.get(flow.id) ?? []).map((goal) => [goal.key, goal])),
  });
  return new Map(flows.map((flow) => [flow.id, termsOf(flow)]));
}

async function readGoals(em: EntityManager, flowIds: number[], keys: string[]): Promise<Goal[]> {
  if (keys.length === 0) return [];
  const where: Condition[] = [
    { property: "flowId", is: "in", value: flowIds },
    { property: "key", is: "in", value: keys },
  ];
  return readRows(em, Goal, { where });
}
