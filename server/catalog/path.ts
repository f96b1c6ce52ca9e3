import { exactText, flag, listIndexes, noun, serialId, text, whole } from "../kit/column.js";
import { DESTINATION_MAX, readDestination } from "./destination.js";

export const WEIGHT_MAX = 10_000;

@noun("One weighted destination of a flow.")
@listIndexes(["flowId"])
export class Path {
  @serialId() id!: number;
  @whole(1, 2 ** 31 - 1, { description: "Id of its flow.", internal: true }) flowId!: number;
  @text(120, { description: "A name for lists; none: its URL is shown.", nullable: true, input: true }) name!:
    | string
    | null;
  @exactText(DESTINATION_MAX, {
    description: "Destination URL, http or https. Macros such as {click} may stand after the host.",
    view: { kind: "URL", label: "Destination URL" },
    input: { required: true },
    check: destinationProblem,
  })
  url!: string;
  @whole(1, WEIGHT_MAX, {
    description: "Its share of the visitors is its weight over the weights of all active paths.",
    input: { default: 100 },
  })
  weight!: number;
  @flag({ description: "Only active paths are drawn.", input: { default: true } }) active!: boolean;
  @flag({ description: "Taken out of the flow; still readable on its clicks.", internal: true }) removed!: boolean;
  @whole(0, 2 ** 31 - 1, { description: "Its place among the flow's paths.", internal: true }) position!: number;
}

function destinationProblem(url: string): string | null {
  const destination = readDestination(url);
  return "problem" in destination ? destination.problem : null;
}
