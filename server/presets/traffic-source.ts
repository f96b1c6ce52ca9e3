import { Field, ObjectType } from "#type-graphql";
import known from "./traffic-sources.json" with { type: "json" };

/** The parameter in which the source's own id of a click arrives, whatever the source calls it. */
const SOURCE_CLICK = "external_id";
/** The parameter that names the source itself. */
const SOURCE = "utm_source";

/** What a source's links can bring along. `docs/adding-a-preset.md` tells how to add one. */
export interface TrafficSourceTemplate {
  name: string;
  /** What is added to the tracking URL: our parameters, each with the source's macro for it, as they stand there. */
  link: string;
}

/** All traffic sources, by name. */
export const trafficSources: TrafficSourceTemplate[] = known;

@ObjectType({ description: "A traffic source whose links Waypost knows." })
export class TrafficSource {
  @Field(() => String, { description: "Its name." }) name!: string;
}

@ObjectType({ description: "What an operator enters at a traffic source, so that clicks say where they come from." })
export class TrafficSourcePreset {
  @Field(() => String, { description: "The tracking URL, to be pasted at the source." }) trackingUrl!: string;
  @Field(() => String, {
    description: "The parameter that brings the source's own id of a click; null: the source has none.",
    nullable: true,
  })
  clickIdParameter!: string | null;
}

/** @param trackingUrl  of the flow to which the source sends its visitors. */
export function trafficSourcePreset(template: TrafficSourceTemplate, trackingUrl: string): TrafficSourcePreset {
  const { name, link } = template;
  return {
    // Macros stay as they are: the source looks for them letter by letter.
    trackingUrl: `${trackingUrl}?${SOURCE}=${encodeURIComponent(name)}&${link}`,
    clickIdParameter: new URLSearchParams(link).has(SOURCE_CLICK) ? SOURCE_CLICK : null,
  };
}
