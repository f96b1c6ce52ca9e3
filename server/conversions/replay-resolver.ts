import { type EntityManager } from "@mikro-orm/sql";
import { Arg, Ctx, Extensions, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from "#type-graphql";
import { type ApiContext } from "../kit/context.js";
import { readExpected } from "../kit/expected-rows.js";
import { type FilterInput, filterOf } from "../kit/filter.js";
import { Json } from "../kit/scalars.js";
import { giveWay, rehearse, writeTransaction } from "../kit/transaction.js";
import { announced } from "./announcement.js";
import { CHANGE_TOLD, type Change } from "./conversion-values.js";
import { answerOf } from "./postback-answer.js";
import { PostbackLog } from "./postback-log.js";
import { type Replayed, replayPostbacks } from "./replay-postbacks.js";

/** So many postbacks may be sent through again by one request: it takes some seconds. */
const REPLAYED_MAX = 5000;
/** Postbacks of one transaction, and of those that come with them because they name the same click. */
const TOGETHER = 200;
/** So many are told one by one. */
const ITEMS_MAX = 100;

const AMONG_THESE = "The postback that it was sent through again from is among these.";

const logFilter = filterOf(PostbackLog);

@ObjectType({ description: "How many postbacks came to the same when they were sent through again." })
class ReplayedCode {
  @Field(() => String, {
    nullable: true,
    description: "A code of the postback log; none: they cannot be sent through again, and the message says why.",
  })
  code!: string | null;
  @Field(() => Int, { description: "How many." }) count!: number;
  @Field(() => String, { description: "What happened to the first of them, in words." }) message!: string;
}

@ObjectType({ description: "What became of one postback that was sent through again." })
class ReplayedPostback {
  @Field(() => ID, { description: "Its entry in the postback log." }) id!: string;
  @Field(() => String, { nullable: true, description: "What it came to; none: it cannot be sent through again." })
  code!: string | null;
  @Field(() => String, { description: "What happened, in words." }) message!: string;
  @Field(() => Json, {
    nullable: true,
    description: CHANGE_TOLD,
  })
  change!: Change | null;
  @Field(() => ID, { nullable: true, description: "Its new entry in the postback log; none: nothing was written." })
  newId!: string | null;
}

@ObjectType({ description: "What postbacks came to that were sent through again." })
class Replay {
  @Field(() => Int, { description: "How many the filter leaves." }) count!: number;
  @Field(() => [ReplayedCode], { description: "What they came to, the most frequent first." }) codes!: ReplayedCode[];
  @Field(() => [ReplayedPostback], { description: `The first ${ITEMS_MAX} of them.` }) postbacks!: ReplayedPostback[];
}

/** What goes through again: all that a filter leaves. */
function filterArg(): ReturnType<typeof Arg> {
  return Arg("filter", () => logFilter.type, { description: "Which: by `ids`, or as in the list." });
}

@Resolver()
export class ReplayResolver {
  @Extensions({ rows: REPLAYED_MAX })
  @Query(() => Replay, { description: "What sending postbacks through again would come to. Nothing is written." })
  async previewReplay(@Ctx() context: ApiContext, @filterArg() filter: FilterInput): Promise<Replay> {
    const entries = await readExpected(context.em, PostbackLog, { filter, max: REPLAYED_MAX });
    const replayed = await replayAll(context, entries, rehearse);
    return summary(replayed.map((one) => ({ ...one, newId: null })));
  }

  @Extensions({ rows: REPLAYED_MAX })
  @Mutation(() => Replay, {
    description: `Sends all postbacks through again that a filter leaves, at most ${REPLAYED_MAX}: read as they would be now, each as a new entry, unless it is refused for the same as before. What they say counts from when they arrived, so that nothing that came later is undone.`,
  })
  async replayPostbacks(
    @Ctx() context: ApiContext,
    @filterArg() filter: FilterInput,
    @Arg("expected", () => Int, {
      description: "How many there are, as it was seen and confirmed: where there are others, nothing is done.",
    })
    expected: number,
  ): Promise<Replay> {
    const { em, now, nextId, forgetLoaded } = context;
    const entries = await readExpected(em, PostbackLog, { filter, expected, max: REPLAYED_MAX });
    forgetLoaded();
    return announced(em, nextId(now()), async () => summary(await replayAll(context, entries, writeTransaction)));
  }
}

/** Oldest first, some at a time: when one transaction fails, those before it stay done, and the same again repeats nothing. */
async function replayAll(
  { em, now, nextId }: ApiContext,
  entries: PostbackLog[],
  run: (em: EntityManager, work: (em: EntityManager) => Promise<Replayed[]>) => Promise<Replayed[]>,
): Promise<Replayed[]> {
  const { first, others } = byOrigin(entries);
  const replayed: Replayed[] = others.map(({ id }) => ({ id, outcome: null, newId: null, reason: AMONG_THESE }));
  for (const some of inParts(first)) {
    if (replayed.length > others.length) await giveWay();
    replayed.push(...(await run(em, (own) => replayPostbacks(own, some, () => nextId(now())))));
  }
  return replayed;
}

/** Each postback once: what is among them a second time, since it was sent through again before, apart. Oldest first. */
function byOrigin(entries: PostbackLog[]): { first: PostbackLog[]; others: PostbackLog[] } {
  const origins = new Set<string>();
  const [first, others]: [PostbackLog[], PostbackLog[]] = [[], []];
  for (const entry of entries.toReversed()) {
    const origin = entry.replayOfId ?? entry.id;
    (origins.has(origin) ? others : first).push(entry);
    origins.add(origin);
  }
  return { first, others };
}

/** Those that name one click stay together: what one of them does, the next must find, also where all is taken back. */
function inParts(entries: PostbackLog[]): PostbackLog[][] {
  const byClick = Map.groupBy(entries, ({ clickKey, id }) => clickKey ?? id);
  const parts: PostbackLog[][] = [];
  for (const group of byClick.values()) {
    const last = parts.at(-1);
    if (last && last.length < TOGETHER) last.push(...group);
    else parts.push([...group]);
  }
  return parts;
}

function summary(replayed: Replayed[]): Replay {
  const items = replayed.map(toItem);
  const groups = Map.groupBy(items, ({ code, message }) => code ?? message);
  const codes = [...groups.values()].map((group) => {
    const [{ code, message }] = group as [ReplayedPostback];
    return { code, message, count: group.length };
  });
  return {
    count: replayed.length,
    codes: codes.sort((a, b) => b.count - a.count),
    postbacks: items.slice(0, ITEMS_MAX),
  };
}

function toItem({ id, outcome, newId, reason }: Replayed): ReplayedPostback {
  if (!outcome) return { id, code: null, message: reason ?? "", change: null, newId };
  const { code, message } = answerOf(outcome);
  return { id, code, message, change: outcome.change, newId };
}
