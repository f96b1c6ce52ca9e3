import { exactText, listIndexes, money, noun, serialId, text, whole } from "../kit/column.js";
import { CURRENCY_DEFAULT, currencyProblem } from "./currency.js";

export const GOAL_KEY_MAX = 64;

@noun("A kind of success of a flow, such as a lead or a sale, known by its key.")
@listIndexes(["flowId"])
export class Goal {
  @serialId() id!: number;
  @whole(1, 2 ** 31 - 1, { description: "Id of its flow.", internal: true }) flowId!: number;
  @exactText(GOAL_KEY_MAX, {
    description: "What a postback's goal parameter says to mean this goal.",
    view: { kind: "CODE" },
    input: { required: true },
  })
  key!: string;
  @text(120, { description: "A name for lists.", nullable: true, input: true }) name!: string | null;
  @money({
    description: "Revenue of a conversion whose postback names none.",
    view: { unit: "currency" },
    input: { default: "0" },
  })
  revenue!: string;
  @text(3, {
    description: "Currency of a conversion whose postback names none (ISO 4217).",
    input: { default: CURRENCY_DEFAULT },
    check: currencyProblem,
  })
  currency!: string;
  @whole(0, 2 ** 31 - 1, { description: "Its place among the flow's goals.", internal: true }) position!: number;
}
