import { Field } from "type-graphql";
import { choice, factId, factReference, flag, listIndexes, money, noun, text } from "../kit/column.js";
import { momentOf } from "../kit/id.js";
import { DateTime } from "../kit/scalars.js";
import { ConversionStatus } from "./conversion-status.js";

@noun("What one postback said of a conversion.")
@listIndexes(["conversionId"])
export class ConversionChange {
  @factId("Its id, which is that of the postback's log entry.", { kind: "CODE", hidden: true }) id!: string;
  @factReference(null, { description: "The conversion.", internal: true }) conversionId!: string;
  @choice(() => ConversionStatus, { description: "The status it named.", nullable: true })
  status!: ConversionStatus | null;
  @money({ description: "The revenue it named.", nullable: true, view: { unit: "currency" } }) revenue!: string | null;
  @text(3, { description: "The currency it named.", nullable: true }) currency!: string | null;
  @flag({ description: "Whether it took effect; not, when a later postback had been processed before." })
  applied!: boolean;

  @Field(() => DateTime, { description: "When the postback arrived." })
  get createdAt(): Date {
    return momentOf(this.id);
  }
}
