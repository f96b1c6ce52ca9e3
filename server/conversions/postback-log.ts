import { Field, FieldResolver, Resolver, Root } from "#type-graphql";
import { Flow } from "../catalog/flow.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { PostbackKey } from "../catalog/postback-key.js";
import {
  choice,
  exactText,
  factId,
  factReference,
  flag,
  instant,
  json,
  jsonList,
  listIndexes,
  longText,
  noun,
  reference,
  text,
  whole,
} from "../kit/column.js";
import { view } from "../kit/column-view.js";
import { type EntityClass } from "../kit/context.js";
import { countedBy } from "../kit/counters.js";
import { momentOf } from "../kit/id.js";
import { createResource, factSort } from "../kit/resource.js";
import { DateTime } from "../kit/scalars.js";
import { Conversion, UID_MAX } from "./conversion.js";
import { CHANGE_TOLD, type Change } from "./conversion-values.js";
import { PostbackDialect } from "./dialect.js";
import { ParameterReading } from "./parameter-reader.js";
import { postbackCodes, reasonOf } from "./postback-codes.js";
import { hashWithin } from "./read-click.js";

/** How much of a click hash as sent is kept for list and filter; the payload has all of it. */
export const CLICK_SENT_MAX = 128;

/** The answer to what will be processed later. */
const LATER = postbackCodes.ACCEPTED.status;

/** Every status a postback is answered with, in order. */
const answers = [...new Set(Object.values(postbackCodes).map(({ status }) => status))].sort((a, b) => a - b);

/** What a postback can come to in the end. */
const ends = Object.entries(postbackCodes).flatMap(([code, { status }]) => (status === LATER ? [] : code));

/** Ways of asking how postbacks ended: a list is read by the index of one, and by those of flow or key. */
const ANSWERED = ["status", "refused", "code", "warned"];

@noun("One postback request and what was answered.")
@countedBy({ by: [["flowId"], ["postbackKeyId"], ["flowId", "postbackKeyId"]], within: ANSWERED })
@listIndexes(
  ["clickKey"],
  ["uid"],
  ["flowId"],
  ["postbackKeyId"],
  ["flowId", "postbackKeyId"],
  ...[[], ["flowId"], ["postbackKeyId"]].flatMap((which) => ANSWERED.map((how) => [...which, how])),
)
export class PostbackLog {
  @factId("Its id.", { kind: "CODE", hidden: true }) id!: string;
  @reference(() => Flow, {
    as: "flow",
    description: "The click's flow; none when there is no such click.",
    nullable: true,
    filter: true,
    view: { phone: 1 },
  })
  flowId!: number | null;
  @exactText(CLICK_SENT_MAX, {
    description: "The click hash as sent.",
    nullable: true,
    view: { kind: "HASH", phone: 3 },
  })
  clickHash!: string | null;
  // Without what stands around it.
  @exactText(CLICK_SENT_MAX, {
    description: "The click hash in lower case, for the filter.",
    nullable: true,
    internal: true,
  })
  clickKey!: string | null;
  @exactText(GOAL_KEY_MAX, { description: "The goal as sent.", nullable: true }) goal!: string | null;
  @exactText(UID_MAX, {
    description: "The uid as sent.",
    nullable: true,
    filter: { normalize: (uid: string) => uid.trim() },
  })
  uid!: string | null;
  @whole(100, 599, {
    description: "The HTTP status that was answered.",
    filter: { refusesNull: true },
    view: { kind: "ANSWER", label: "Answer", choices: answers, phone: 2 },
  })
  status!: number;
  @flag({
    description: "Whether it was not taken, at once or when it was processed later.",
    filter: true,
    view: { hidden: true },
  })
  refused!: boolean;
  @text(32, {
    description: "What happened, from the closed list of codes. The filter asks for what it came to in the end.",
    filter: true,
    view: { kind: "CODE", hidden: true, words: ends },
  })
  code!: string;
  @longText({ description: "What happened, in words, and what to do.", view: { width: 160 } }) message!: string;
  @flag({
    description: "Whether something should be mended though it is no reason to refuse it: the message says what.",
    filter: true,
    view: { label: "Has warnings", hidden: true },
  })
  warned!: boolean;
  @view({ kind: "CODE", hidden: true })
  @Field(() => String, {
    nullable: true,
    description: "What became of it later, where the answer was that it will be processed: a code of the same list.",
  })
  get outcome(): string | null {
    return this.processedAt && this.code;
  }
  @view({ hidden: true })
  @Field(() => String, { nullable: true, description: "Why that happens." })
  get cause(): string | null {
    return reasonOf(this.code)?.cause ?? null;
  }
  @view({ hidden: true })
  @Field(() => String, { nullable: true, description: "What to do about it; none: nothing." })
  get cure(): string | null {
    return reasonOf(this.code)?.cure ?? null;
  }
  @instant({
    description: "When it was processed, where that was later than its answer.",
    nullable: true,
    view: { hidden: true },
  })
  processedAt!: Date | null;
  @text(45, { description: "The IP address it came from.", view: { kind: "IP" } }) ip!: string;
  @text(32, { description: "The HTTP method.", view: { hidden: true } }) method!: string;
  @choice(() => PostbackDialect, { description: "The convention of its URL.", view: { label: "URL", hidden: true } })
  dialect!: PostbackDialect;
  @json({
    description: "Every parameter as sent: one object, body over query, a repeated name as an array.",
    view: { hidden: true },
  })
  payload!: Record<string, unknown>;
  @flag({
    description: "Whether the payload was longer than is kept: what was cut ends in an ellipsis or is missing.",
    view: { hidden: true },
  })
  payloadCut!: boolean;
  @jsonList(() => ParameterReading, {
    description:
      "How each parameter that was found was read: name, place and value as sent, what it means, who says so of a status, and what to mend. None: it was turned away before.",
    nullable: true,
    view: { hidden: true },
  })
  reading!: ParameterReading[] | null;
  @json({
    description: CHANGE_TOLD,
    nullable: true,
    view: { hidden: true },
  })
  change!: Change | null;
  @factReference(() => Conversion, {
    as: "conversion",
    description: "The conversion it recorded or changed.",
    nullable: true,
    internal: true,
    view: { hidden: true },
  })
  conversionId!: string | null;
  @reference(() => PostbackKey, {
    as: "postbackKey",
    description: "The postback key it was sent with.",
    nullable: true,
    filter: true,
    view: { hidden: true },
  })
  postbackKeyId!: number | null;
  @factReference((): EntityClass => PostbackLog, {
    as: "replayOf",
    description: "The postback that was sent through again; none: an advertiser sent it.",
    nullable: true,
    internal: true,
    view: { hidden: true },
  })
  replayOfId!: string | null;
  @whole(0, 2 ** 31 - 1, {
    description: "How many like this one were answered but not logged since the entry before.",
    view: { hidden: true },
  })
  suppressed!: number;

  @view({ label: "Time", phone: 4 })
  @Field(() => DateTime, { description: "When it arrived." })
  get createdAt(): Date {
    return momentOf(this.id);
  }
}

export const PostbackLogResource = createResource(PostbackLog, {
  singular: "postbackLog",
  plural: "postbackLogs",
  fact: true,
  sort: factSort,
  filters: {
    clickHash: {
      type: () => String,
      description: "The click hash as sent, in any case; or the hash in it.",
      where: (click: string) => ({ property: "clickKey", is: "=", value: clickKey(click) }),
    },
  },
});

/** What was answered: a row has what the postback came to. */
@Resolver(() => PostbackLog)
export class PostbackAnswered {
  @FieldResolver(() => String)
  code(@Root() { code, processedAt }: PostbackLog): string {
    return processedAt ? "ACCEPTED" : code;
  }
}

/** The form in which clicks as sent are compared: the hash that is meant, if one can be told; else the text in lower case. */
export function clickKey(sent: string): string {
  return hashWithin(sent) ?? sent.trim().toLowerCase().slice(0, CLICK_SENT_MAX).toWellFormed();
}
