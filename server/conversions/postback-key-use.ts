import { Ctx, FieldResolver, Resolver, Root } from "#type-graphql";
import { PostbackKey } from "../catalog/postback-key.js";
import { view } from "../kit/column-view.js";
import { type ApiContext } from "../kit/context.js";
import { momentOf } from "../kit/id.js";
import { DateTime } from "../kit/scalars.js";
import { PostbackLog } from "./postback-log.js";

/** When a postback key was last used: the time of its newest log entry that somebody sent, found by its index. */
@Resolver(() => PostbackKey)
export class PostbackKeyUse {
  @view({ phone: 2 })
  @FieldResolver(() => DateTime, { nullable: true, description: "When a postback was last sent with it." })
  async lastUsedAt(@Root() key: PostbackKey, @Ctx() { em }: ApiContext): Promise<Date | null> {
    const newest = await em
      .fork()
      .findOne(PostbackLog, { postbackKeyId: key.id, replayOfId: null }, { orderBy: { id: "desc" }, fields: ["id"] });
    return newest && momentOf(newest.id);
  }
}
