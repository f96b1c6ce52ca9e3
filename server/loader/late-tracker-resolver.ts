import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from "#type-graphql";
import { type ApiContext } from "../kit/context.js";
import { isAtWork, lateTrackers, RETIRING_COSTS, retireTracker } from "./late-trackers.js";

@ObjectType({
  description: "A tracker that completeUntil waits for, because it is away or has yet to load what it has.",
})
class LateTracker {
  @Field(() => ID, { description: "Its id." }) id!: string;
  @Field(() => String, { description: "Its installation and the slot of its journal in DATA_DIR." }) name!: string;
  @Field({ description: "All its clicks before this moment are stored." }) loadedUntil!: Date;
  @Field({ description: "When it was last here." }) seenAt!: Date;
  @Field({ description: "Whether it is here, and has yet to load what it has: then it cannot be retired." })
  atWork!: boolean;
}

@Resolver()
export class LateTrackerResolver {
  @Query(() => [LateTracker], {
    description: "The trackers that completeUntil waits for, the one furthest behind first.",
  })
  async lateTrackers(@Ctx() { em, now }: ApiContext): Promise<LateTracker[]> {
    const moment = now();
    return (await lateTrackers(em, moment)).map((tracker) => ({
      ...tracker,
      id: String(tracker.id),
      atWork: isAtWork(tracker, moment),
    }));
  }

  @Mutation(() => Boolean, { description: `Gives up waiting for a tracker that will not come back. ${RETIRING_COSTS}` })
  async retireTracker(@Ctx() { em, log, now }: ApiContext, @Arg("id", () => ID) id: string): Promise<boolean> {
    const { name, loadedUntil } = await retireTracker(em, id, now());
    log.warn({ tracker: id, name, loadedUntil }, "A tracker is retired: completeUntil waits for it no longer.");
    return true;
  }
}
