import { randomInt } from "node:crypto";
import { LockMode, UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { readSerialId } from "../kit/column.js";
import { type EntityClass } from "../kit/context.js";
import { badInput, conflict, excerpt, notFound } from "../kit/errors.js";
import { createInput, type Problem, readInput, refuseProblems } from "../kit/input.js";
import { changeCatalog } from "./catalog-revision.js";
import { readCurrency } from "./currency.js";
import { Flow, FlowStatus } from "./flow.js";
import { foldDestinations, foldName } from "./flow-search.js";
import { Goal } from "./goal.js";
import { Path } from "./path.js";

/** So many paths, and so many goals, a flow may have. */
const PARTS_MAX = 100;
const KEY_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const KEY_LENGTH = 10;

export const PathInput = createInput(Path, "A path of a flow.", { matchedById: true });
export const GoalInput = createInput(Goal, "A goal of a flow.", { matchedById: true });
export const FlowInput = createInput(
  Flow,
  "A flow to be. To create one, `name` is required; in a change what is left out stays and null clears.",
  { lists: { paths: PathInput, goals: GoalInput } },
);

type PartInput = { id?: string | null } & Record<string, unknown>;
/** What arrives as a `FlowInput`; its other fields are those of the flow's columns. */
export interface FlowInputValues extends Record<string, unknown> {
  paths?: PartInput[] | null;
  goals?: PartInput[] | null;
}

/** Makes a flow with its paths and goals. @throws BAD_USER_INPUT naming the field. */
export async function createFlow(em: EntityManager, input: FlowInputValues, now: Date): Promise<Flow> {
  const problems: Problem[] = [];
  const { key = newFlowKey(), ...values } = readInput(Flow, input, { creating: true, problems });
  checkParts(input, problems);
  refuseProblems(problems);
  return keepKeyUnique(input, () =>
    changeCatalog(em, async (own, revision) => {
      const flow = own.create(Flow, {
        status: FlowStatus.ACTIVE,
        ...values,
        key: key as string,
        name: values.name as string,
        nameFolded: foldName(values.name as string),
        destinationsFolded: foldDestinations([]),
        deleted: false,
        createdAt: now,
        updatedAt: now,
        revision,
      });
      await own.persist(flow).flush();
      await replaceParts(own, flow, input);
      return flow;
    }),
  );
}

/**
 * Changes what the input names.
 *
 * @param ifVersion  the version that the caller has seen; left out: any.
 * @throws NOT_FOUND; CONFLICT when the flow has another version by now; BAD_USER_INPUT naming the field.
 */
export async function updateFlow(
  em: EntityManager,
  id: string,
  input: FlowInputValues,
  now: Date,
  ifVersion: number | null = null,
): Promise<Flow> {
  return changeCatalog(em, async (own, revision) => {
    const flow = await lockFlow(own, id);
    const version = flow.version();
    if (ifVersion !== null && ifVersion !== version) {
      throw conflict(
        `Nothing was changed: the flow is not as it was at version ${ifVersion}. Read it again, it is at version ${version} now.`,
      );
    }
    const problems: Problem[] = [];
    const { key, ...values } = readInput(Flow, input, { creating: false, problems });
    if (key !== undefined && key !== flow.key) {
      problems.push({ field: "key", message: `The key is fixed: it stays "${flow.key}". Leave it out.` });
    }
    checkParts(input, problems);
    refuseProblems(problems.filter((problem) => !(problem.field === "key" && key === flow.key)));
    own.assign(flow, { ...values, updatedAt: now, revision } as never);
    flow.nameFolded = foldName(flow.name);
    await replaceParts(own, flow, input);
    return flow;
  });
}

/** Deletes or restores a flow. Its clicks, conversions and log entries stay. @throws NOT_FOUND */
export async function setFlowDeleted(em: EntityManager, id: string, deleted: boolean, now: Date): Promise<Flow> {
  return changeCatalog(em, async (own, revision) => {
    const flow = await lockFlow(own, id);
    if (flow.deleted !== deleted) own.assign(flow, { deleted, updatedAt: now, revision });
    return flow;
  });
}

async function lockFlow(em: EntityManager, id: string): Promise<Flow> {
  const key = readSerialId(id);
  const flow = key === null ? null : await em.findOne(Flow, { id: key }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!flow) throw notFound("flow", id);
  return flow;
}

async function keepKeyUnique<T>(input: FlowInputValues, create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    throw badInput(
      "key",
      `The key "${input.key}" belongs to another flow, perhaps a deleted one. A key is never used again.`,
    );
  }
}

function checkParts({ paths, goals }: FlowInputValues, problems: Problem[]): void {
  for (const [name, parts] of Object.entries({ paths, goals })) {
    if (parts === null)
      problems.push({ field: name, message: `${name} cannot be null: [] clears them, left out they stay.` });
  }
  for (const [name, entity, parts] of [["paths", Path, paths ?? []] as const, ["goals", Goal, goals ?? []] as const]) {
    if (parts.length > PARTS_MAX) {
      problems.push({ field: name, message: `${parts.length} ${name} are given; at most ${PARTS_MAX} are allowed.` });
    }
    for (const [index, part] of parts.slice(0, PARTS_MAX).entries()) {
      readInput(entity, part, { path: `${name}.${index}.`, creating: true, problems });
    }
  }
  const keys = (goals ?? []).map((goal) => String(goal.key).toWellFormed().trim());
  for (const [index, key] of keys.entries()) {
    if (keys.indexOf(key) < index) {
      problems.push({
        field: `goals.${index}.key`,
        message: `Another goal of this flow has the key "${excerpt(key)}" already.`,
      });
    }
  }
}

async function replaceParts(em: EntityManager, flow: Flow, { paths, goals }: FlowInputValues): Promise<void> {
  if (paths) {
    for (const removed of await replaceList(em, Path, flow, "paths", paths)) removed.removed = true;
    await em.flush();
    flow.destinationsFolded = foldDestinations(await em.find(Path, { flowId: flow.id, removed: false }));
  }
  if (goals) {
    for (const removed of await replaceList(em, Goal, flow, "goals", goals)) em.remove(removed);
  }
  await em.flush();
}

/** Brings a flow's list to what is given, matched by id. @returns the rows that are no longer in it. */
async function replaceList<T extends Path | Goal>(
  em: EntityManager,
  entity: EntityClass<T>,
  flow: Flow,
  name: string,
  parts: PartInput[],
): Promise<T[]> {
  const known = new Map((await em.find(entity, { flowId: flow.id } as never)).map((row) => [String(row.id), row as T]));
  for (const [position, part] of parts.entries()) {
    const row = part.id == null ? undefined : known.get(part.id);
    if (part.id != null && !row) {
      throw badInput(
        `${name}.${position}.id`,
        `This flow has no such entry with the id "${excerpt(part.id)}", or it is given twice.`,
      );
    }
    const values = normalizePart(readInput(entity, part, { creating: !row, problems: [] }));
    const placed = { ...values, position, ...(entity.name === Path.name ? { removed: false } : {}) };
    if (row) {
      em.assign(row, placed as never);
      known.delete(String(row.id));
    } else {
      em.persist(em.create(entity, { ...placed, flowId: flow.id } as never));
    }
  }
  return [...known.values()];
}

function normalizePart(values: Record<string, unknown>): Record<string, unknown> {
  return typeof values.currency === "string" ? { ...values, currency: readCurrency(values.currency) } : values;
}

function newFlowKey(): string {
  return Array.from({ length: KEY_LENGTH }, () => KEY_ALPHABET[randomInt(KEY_ALPHABET.length)]).join("");
}
