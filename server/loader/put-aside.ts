import { Field } from "#type-graphql";
import { factId, flag, largeJson, listIndexes, longText, noun, text } from "../kit/column.js";
import { view } from "../kit/column-view.js";
import { momentOf } from "../kit/id.js";
import { createResource, factSort } from "../kit/resource.js";
import { DateTime } from "../kit/scalars.js";

@noun("A click or postback that the database refused for its values. It is kept here whole, and can be tried again.")
@listIndexes(["retried"], ["kind"], ["retried", "kind"])
export class PutAside {
  @factId("Its id.", { kind: "CODE", hidden: true }) id!: string;
  @text(16, { description: "What it is: click, postback or log entry.", filter: true, view: { phone: 1 } })
  kind!: string;
  @longText({ description: "Why the database refused it, in its own words.", view: { phone: 3 } }) reason!: string;
  @largeJson({ description: "The whole of it.", view: { label: "Record", hidden: true } }) payload!: unknown;
  @flag({
    description: "Whether it was tried again since and is stored now.",
    filter: { default: false },
    view: { phone: 2 },
  })
  retried!: boolean;

  @view({ label: "Time", phone: 4 })
  @Field(() => DateTime, { description: "When it was put aside." })
  get createdAt(): Date {
    return momentOf(this.id);
  }
}

export const PutAsideResource = createResource(PutAside, {
  singular: "putAside",
  plural: "putAsides",
  fact: true,
  sort: factSort,
});
