import { Arg, Ctx, ID, Int, Mutation, Resolver } from "#type-graphql";
import { ConversionStatus } from "./conversion-status.js";
import { Flow, type FlowContext } from "./flow.js";
import { createFlow, FlowInput, type FlowInputValues, setFlowDeleted, updateFlow } from "./flow-write.js";
import { PostbackKey } from "./postback-key.js";
import {
  deletePostbackKey,
  generatePostbackKey,
  PostbackKeyInput,
  type PostbackKeyInputValues,
  updatePostbackKey,
} from "./postback-key-write.js";

/** What operators change: flows with their paths and goals, and postback keys. */
@Resolver()
export class CatalogResolver {
  @Mutation(() => Flow, { description: "Makes a flow with its paths and goals." })
  createFlow(@Ctx() { em, now }: FlowContext, @Arg("input", () => FlowInput) input: FlowInputValues): Promise<Flow> {
    return createFlow(em, input, new Date(now()));
  }

  @Mutation(() => Flow, { description: "Changes a flow: what the input leaves out stays." })
  async updateFlow(
    @Ctx() { em, now, forgetLoaded }: FlowContext,
    @Arg("id", () => ID) id: string,
    @Arg("input", () => FlowInput) input: FlowInputValues,
    @Arg("ifVersion", () => Int, {
      nullable: true,
      description: "The version you have seen: with any other by now, nothing is changed and the answer is CONFLICT.",
    })
    ifVersion: number | null,
  ): Promise<Flow> {
    const flow = await updateFlow(em, id, input, new Date(now()), ifVersion);
    forgetLoaded();
    return flow;
  }

  @Mutation(() => Flow, {
    description: "Ends a flow: its tracking URL stops working and its postbacks are refused; what it recorded stays.",
  })
  deleteFlow(@Ctx() { em, now }: FlowContext, @Arg("id", () => ID) id: string): Promise<Flow> {
    return setFlowDeleted(em, id, true, new Date(now()));
  }

  @Mutation(() => Flow, { description: "Undoes deleteFlow." })
  restoreFlow(@Ctx() { em, now }: FlowContext, @Arg("id", () => ID) id: string): Promise<Flow> {
    return setFlowDeleted(em, id, false, new Date(now()));
  }

  @Mutation(() => PostbackKey, { description: "Makes a postback key, or takes over an existing one." })
  async generatePostbackKey(
    @Ctx() { em, now, audit }: FlowContext,
    @Arg("name", () => String, { nullable: true, description: "Whom it is for." }) name: string | null,
    @Arg("key", () => String, {
      nullable: true,
      description: "An existing key to take over, [A-Za-z0-9_-]{6,64}; made when left out.",
    })
    key: string | null,
    @Arg("defaultStatus", () => ConversionStatus, {
      nullable: true,
      description: "The status of a new conversion whose postback names none; pending when left out.",
    })
    defaultStatus: ConversionStatus | null,
  ): Promise<PostbackKey> {
    const made = await generatePostbackKey(em, { name, key, defaultStatus }, new Date(now()));
    audit("postback_key_made", { key: made.id });
    return made;
  }

  @Mutation(() => PostbackKey, { description: "Changes a postback key: what the input leaves out stays." })
  async updatePostbackKey(
    @Ctx() { em, audit }: FlowContext,
    @Arg("id", () => ID) id: string,
    @Arg("input", () => PostbackKeyInput) input: PostbackKeyInputValues,
  ): Promise<PostbackKey> {
    const changed = await updatePostbackKey(em, id, input);
    audit("postback_key_changed", { key: changed.id, changed: Object.keys(input) });
    return changed;
  }

  @Mutation(() => PostbackKey, { description: "Ends a postback key: its postbacks are refused from now on." })
  async deletePostbackKey(@Ctx() { em, audit }: FlowContext, @Arg("id", () => ID) id: string): Promise<PostbackKey> {
    const deleted = await deletePostbackKey(em, id);
    audit("postback_key_deleted", { key: deleted.id });
    return deleted;
  }
}
