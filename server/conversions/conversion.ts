import { Ctx, Field } from "#type-graphql";
import { ConversionStatus } from "../catalog/conversion-status.js";
import { Flow } from "../catalog/flow.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { Click } from "../clicks/click.js";
import {
  choice,
  exactText,
  factId,
  factReference,
  flag,
  instant,
  json,
  listIndexesBy,
  money,
  noun,
  reference,
  text,
  uniqueTogether,
} from "../kit/column.js";
import { view } from "../kit/column-view.js";
import { type ApiContext } from "../kit/context.js";
import { countedBy } from "../kit/counters.js";
import { momentOf } from "../kit/id.js";
import { createResource, factSort } from "../kit/resource.js";
import { DateTime } from "../kit/scalars.js";
import { ConversionChange } from "./conversion-change.js";
import { type Parts } from "./conversion-values.js";

export const UID_MAX = 128;
export const STATUS_RULE = "pending, approved or rejected";

/** The column that says when a conversion counts; lists of conversions are in its order. */
export const CONVERSION_KEY = "firstPostbackId";

@noun("The fact that a click reached a goal. One for each click, goal as sent and uid; later postbacks update it.")
@uniqueTogether("clickHash", "goalSentKey", "uidKey")
@countedBy({
  by: [["flowId"], ["goal"], ["flowId", "goal"]],
  within: ["status", "other", "currency"],
  sums: ["revenue"],
})
@listIndexesBy(
  { key: CONVERSION_KEY, changed: "updatedAt" },
  [],
  ["clickHash"],
  ["uidKey"],
  ["flowId"],
  ["goal"],
  ["other"],
  ["status"],
  ["flowId", "goal"],
  ["flowId", "other"],
  ["flowId", "status"],
  ["goal", "status"],
  ["other", "status"],
  ["flowId", "goal", "status"],
  ["flowId", "other", "status"],
)
export class Conversion {
  @factId("Its id, which is that of the postback that was processed first.", {
    kind: "CODE",
    label: "Conversion",
    hidden: true,
  })
  id!: string;
  @factReference(() => Click, {
    as: "click",
    description: "The click hash of the click that converted.",
    filter: true,
    view: { kind: "HASH" },
  })
  clickHash!: string;
  @reference(() => Flow, { as: "flow", description: "The click's flow.", filter: true, view: { phone: 1 } })
  flowId!: number;
  @exactText(GOAL_KEY_MAX, {
    description: "Key of the flow's goal; null is the Other bucket.",
    nullable: true,
    filter: { refusesNull: true },
    view: { kind: "CODE", none: "Other", phone: 3 },
  })
  goal!: string | null;
  @flag({
    description: "True: the Other bucket, conversions without a goal of the flow; false: those with one.",
    internal: true,
    filter: { refusesNull: true },
  })
  other!: boolean;
  @exactText(GOAL_KEY_MAX, { description: "The goal as sent; empty: none. Part of its identity.", internal: true })
  goalSentKey!: string;
  @view({ kind: "CODE", hidden: true })
  @Field(() => String, { nullable: true, description: "The goal as the postback sent it." })
  get goalSent(): string | null {
    return this.goalSentKey || null;
  }
  @choice(() => ConversionStatus, {
    description: "Pending, approved or rejected.",
    filter: { refusesNull: true },
    view: { phone: 2 },
  })
  status!: ConversionStatus;
  @money({ description: "What it earns; it counts when approved.", view: { unit: "currency", phone: 2 } })
  revenue!: string;
  @text(3, { description: "Currency of the revenue (ISO 4217).", view: { hidden: true } }) currency!: string;
  @exactText(UID_MAX, { description: "The uid; empty: none. Part of its identity.", internal: true }) uidKey!: string;
  @Field(() => String, { nullable: true, description: "The advertiser's own user or transaction id." })
  get uid(): string | null {
    return this.uidKey || null;
  }

  @factReference(null, {
    description: "The postback its status comes from; null: none named one.",
    nullable: true,
    internal: true,
  })
  statusFrom!: string | null;
  @factReference(null, {
    description: "The postback its revenue comes from; null: none named one.",
    nullable: true,
    internal: true,
  })
  revenueFrom!: string | null;
  @factReference(null, {
    description: "The postback its currency comes from; null: none named one.",
    nullable: true,
    internal: true,
  })
  currencyFrom!: string | null;

  @factReference(null, {
    description: "The postback that arrived first, whichever was processed first.",
    internal: true,
  })
  [CONVERSION_KEY]!: string;

  @json({
    description: "What was said of it under its uid and without one, where the columns do not say everything.",
    nullable: true,
    internal: true,
  })
  parts!: Parts | null;

  @view({ label: "Time", phone: 4 })
  @Field(() => DateTime, { description: "When its first postback arrived: this is when it counts." })
  get createdAt(): Date {
    return momentOf(this[CONVERSION_KEY]);
  }
  @instant({ description: "When it was last changed.", view: { label: "Updated", hidden: true } }) updatedAt!: Date;

  @view({ hidden: true })
  @Field(() => [ConversionChange], {
    description: "What was said of it, by postbacks and by hand, oldest first; exact repeats left out.",
  })
  history(@Ctx() context: ApiContext): Promise<ConversionChange[]> {
    return context.loadList(ConversionChange, "conversionId", this.id);
  }
}

/** A row of it: its columns without what follows from them. */
export type ConversionRow = Omit<Conversion, "goalSent" | "uid" | "createdAt" | "history">;

export const ConversionResource = createResource(Conversion, {
  singular: "conversion",
  plural: "conversions",
  fact: true,
  sort: factSort,
  filters: {
    updatedFrom: {
      type: () => DateTime,
      description:
        "Last changed at this moment or later. To miss no change, give the completeUntil of the first page that was read the last time.",
      where: (from: Date) => ({ property: "updatedAt", is: ">=", value: from }),
    },
    updatedTo: {
      type: () => DateTime,
      description: "Last changed before this moment.",
      where: (to: Date) => ({ property: "updatedAt", is: "<", value: to }),
    },
    uid: {
      type: () => String,
      description: "The advertiser's own id, byte for byte.",
      where: (uid: string) => ({ property: "uidKey", is: "=", value: uid.trim() }),
    },
  },
});
