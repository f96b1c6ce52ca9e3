import { Field } from "#type-graphql";
import { User } from "../accounts/user.js";
import { ConversionStatus } from "../catalog/conversion-status.js";
import { choice, factId, factReference, flag, json, listIndexes, money, noun, reference, text } from "../kit/column.js";
import { momentOf } from "../kit/id.js";
import { DateTime } from "../kit/scalars.js";
import { CHANGE_TOLD, type Change } from "./conversion-values.js";

/** Longest note on a change by hand, in characters. */
export const NOTE_MAX = 500;

@noun("What one postback, or somebody by hand, said of a conversion.")
@listIndexes(["conversionId"])
export class ConversionChange {
  @factId("Its id; where a postback said it, that of the postback's log entry.", { kind: "CODE", hidden: true })
  id!: string;
  @factReference(null, { description: "The conversion.", internal: true }) conversionId!: string;
  @reference(() => User, {
    as: "user",
    description: "Who changed it by hand; none: a postback said it.",
    nullable: true,
    view: { label: "By" },
  })
  userId!: number | null;
  @choice(() => ConversionStatus, { description: "The status it named.", nullable: true })
  status!: ConversionStatus | null;
  @money({ description: "The revenue it named.", nullable: true, view: { unit: "currency" } }) revenue!: string | null;
  @text(3, { description: "The currency it named.", nullable: true }) currency!: string | null;
  @flag({ description: "Whether it took effect; not, when something that arrived later had been processed before." })
  applied!: boolean;
  @json({
    description: CHANGE_TOLD,
    nullable: true,
  })
  change!: Change | null;
  @text(NOTE_MAX, { description: "Why it was changed by hand, in the user's own words.", nullable: true })
  note!: string | null;

  @Field(() => DateTime, { description: "When the postback arrived, or when somebody changed it." })
  get createdAt(): Date {
    return momentOf(this.id);
  }
}

/** A row of it to be stored; what a postback said has neither user nor note. */
export type ConversionChangeRow = Omit<ConversionChange, "createdAt" | "userId" | "note"> &
  Partial<Pick<ConversionChange, "userId" | "note">>;
