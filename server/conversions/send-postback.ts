import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from "#type-graphql";
import { PostbackKey } from "../catalog/postback-key.js";
import { readSerialId } from "../kit/column.js";
import { type ApiContext } from "../kit/context.js";
import { badInput, notFound } from "../kit/errors.js";
import { type SendPostback } from "./postback-sender.js";

/** Longest query that is sent, in characters. */
const QUERY_MAX = 2000;

/** What sending a postback needs beside the kit's context. */
export interface SendContext extends ApiContext {
  sendPostback: SendPostback;
}

@ObjectType({ description: "A postback that was sent from here, and what came of it." })
class SentPostback {
  @Field(() => String, { description: "The URL that was requested." }) url!: string;
  @Field(() => Int, { nullable: true, description: "The HTTP status of the answer; none when there was no answer." })
  status!: number | null;
  @Field(() => String, {
    nullable: true,
    description: "The answer's code, as in the postback log; none when it was not the tracker that answered.",
  })
  code!: string | null;
  @Field(() => String, { description: "What happened, in words, and what to do." }) message!: string;
  @Field(() => ID, { nullable: true, description: "The conversion it recorded or changed." })
  conversionId!: string | null;
}

@Resolver()
export class SendPostbackResolver {
  @Mutation(() => SentPostback, {
    description: "Requests a postback URL as an advertiser would. It counts like any other postback.",
  })
  async sendPostback(
    @Ctx() { em, sendPostback }: SendContext,
    @Arg("postbackKeyId", () => ID, { description: "The key to send it with." }) postbackKeyId: string,
    @Arg("query", () => String, { description: "The part of the URL after the question mark." }) query: string,
  ): Promise<SentPostback> {
    if (query.length > QUERY_MAX) {
      throw badInput("query", `The query has ${query.length} characters; at most ${QUERY_MAX} are allowed.`);
    }
    const id = readSerialId(postbackKeyId);
    const key = id === null ? null : await em.findOne(PostbackKey, { id, deleted: false });
    if (!key) throw notFound("postback key", postbackKeyId);
    return sendPostback(key.key, query);
  }
}
