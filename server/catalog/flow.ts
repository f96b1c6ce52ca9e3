import { Ctx, Field, Int, registerEnumType } from "#type-graphql";
import {
  choice,
  exactText,
  flag,
  instant,
  listIndexes,
  noun,
  searchedText,
  serialId,
  text,
  whole,
} from "../kit/column.js";
import { view } from "../kit/column-view.js";
import { type ApiContext } from "../kit/context.js";
import { foldCase } from "../kit/filter.js";
import { createResource, createSort } from "../kit/resource.js";
import { Goal } from "./goal.js";
import { Path } from "./path.js";
import { trackingUrl } from "./urls.js";

export enum FlowStatus {
  ACTIVE = "ACTIVE",
  PAUSED = "PAUSED",
  ARCHIVED = "ARCHIVED",
}
registerEnumType(FlowStatus, { name: "FlowStatus", description: "Whether a flow takes clicks." });

/** Length of every value a link can bring, and of a flow's defaults for its labels. */
export const VALUE_MAX = 512;
const FLOW_KEY = /^[a-z0-9_-]{1,64}$/;

@noun("A campaign: what a tracking URL points at, with its paths, goals and defaults.")
@listIndexes(["revision"])
export class Flow {
  @serialId() id!: number;
  @exactText(64, {
    description: "Part of the tracking URL; fixed once made and never used again.",
    unique: true,
    view: { kind: "CODE", hidden: true },
    input: true,
    check: (key: string) =>
      FLOW_KEY.test(key) ? null : `"${key.slice(0, 80)}" is not 1 to 64 of a-z, 0-9, "_" and "-".`,
  })
  key!: string;
  @text(120, { description: "Name shown in lists.", view: { phone: 1 }, input: { required: true } }) name!: string;
  @exactText(480, { description: "The name folded for search and sorting.", internal: true }) nameFolded!: string;
  @searchedText({
    description: "The destinations of its paths folded for search; none: the next start makes it.",
    nullable: true,
  })
  destinationsFolded?: string | null;
  @choice(() => FlowStatus, {
    description: "Only active flows take clicks.",
    filter: { refusesNull: true },
    input: true,
    view: { phone: 2 },
  })
  status!: FlowStatus;
  @flag({
    description: "Deleted flows take no clicks and no postbacks.",
    filter: { default: false },
    view: { hidden: true },
  })
  deleted!: boolean;

  @view({ kind: "URL", phone: 3 })
  @Field(() => String, { description: "The URL to send visitors to." })
  trackingUrl(@Ctx() { trackerUrl }: FlowContext): string {
    return trackingUrl(trackerUrl, this.key);
  }

  @text(VALUE_MAX, {
    description: "Source of clicks whose link names none.",
    nullable: true,
    input: true,
    view: { hidden: true },
  })
  defaultSource!: string | null;
  @text(VALUE_MAX, {
    description: "Medium of clicks whose link names none.",
    nullable: true,
    input: true,
    view: { hidden: true },
  })
  defaultMedium!: string | null;
  @text(VALUE_MAX, {
    description: "Campaign of clicks whose link names none.",
    nullable: true,
    input: true,
    view: { hidden: true },
  })
  defaultCampaign!: string | null;
  @text(VALUE_MAX, {
    description: "Content of clicks whose link names none.",
    nullable: true,
    input: true,
    view: { hidden: true },
  })
  defaultContent!: string | null;
  @text(VALUE_MAX, {
    description: "Term of clicks whose link names none.",
    nullable: true,
    input: true,
    view: { hidden: true },
  })
  defaultTerm!: string | null;
  @text(VALUE_MAX, {
    description: "Sub ID of clicks whose link names none.",
    nullable: true,
    input: true,
    view: { hidden: true },
  })
  defaultSubId!: string | null;

  @Field(() => [Path], { description: "Its paths, in their order." })
  async paths(@Ctx() context: FlowContext): Promise<Path[]> {
    const paths = await context.loadList(Path, "flowId", this.id);
    return paths.filter((path) => !path.removed).sort((a, b) => a.position - b.position);
  }

  @Field(() => [Goal], { description: "Its goals, in their order." })
  async goals(@Ctx() context: FlowContext): Promise<Goal[]> {
    const goals = await context.loadList(Goal, "flowId", this.id);
    return goals.sort((a, b) => a.position - b.position);
  }

  @instant({ description: "When it was made.", view: { label: "Created", phone: 4 } }) createdAt!: Date;
  @instant({ description: "When it was last changed.", view: { label: "Updated", hidden: true } }) updatedAt!: Date;

  @view({ hidden: true })
  @Field(() => Int, { description: "Raised by every change of the flow, its paths and its goals, by one or more." })
  version(): number {
    return this.revision ?? 0;
  }

  @whole(0, 2 ** 31 - 1, {
    description: "Which change of the catalog was its last; none: one before they were kept.",
    internal: true,
    nullable: true,
  })
  revision!: number | null;
}

/** What the catalog's fields need beside the kit's context. */
export interface FlowContext extends ApiContext {
  /** Public base of tracking and postback URLs. */
  trackerUrl: string;
}

export const FlowResource = createResource(Flow, {
  singular: "flow",
  plural: "flows",
  fact: false,
  filters: {
    search: {
      type: () => String,
      description: "Part of the name, the key or a path's destination URL, in any case.",
      where: (needle: string) => {
        const value = foldCase(needle.trim());
        return {
          any: ["nameFolded", "key", "destinationsFolded"].map((property) => [{ property, is: "contains", value }]),
        };
      },
    },
    archived: {
      type: () => Boolean,
      description: "false: leaves archived flows out; true: only those.",
      where: (only: boolean) => ({ property: "status", is: only ? "=" : "<>", value: FlowStatus.ARCHIVED }),
    },
  },
  sort: createSort("Flow", { NAME: "nameFolded", CREATED_AT: "id" }),
});
