import { Arg, Ctx, Extensions, ID, Query, Resolver } from "#type-graphql";
import { Flow, type FlowContext } from "../catalog/flow.js";
import { PostbackKey } from "../catalog/postback-key.js";
import { postbackUrl, trackingUrl } from "../catalog/urls.js";
import { readSerialId } from "../kit/column.js";
import { Network, networks } from "./network.js";
import { NetworkPreset, networkPreset } from "./network-preset.js";
import { TrafficSource, TrafficSourcePreset, trafficSourcePreset, trafficSources } from "./traffic-source.js";

/** Finished URLs for the networks and traffic sources that Waypost knows. */
@Resolver()
export class PresetResolver {
  @Extensions({ rows: networks.length })
  @Query(() => [Network], { description: "The affiliate networks that Waypost has a preset for, by name." })
  networks(): Network[] {
    return networks;
  }

  @Query(() => NetworkPreset, {
    nullable: true,
    description: "How a network reports to a postback key; null when there is no such network or key.",
  })
  async networkPreset(
    @Ctx() { em, trackerUrl }: FlowContext,
    @Arg("name", () => String) name: string,
    @Arg("postbackKeyId", () => ID) postbackKeyId: string,
  ): Promise<NetworkPreset | null> {
    const template = networks.find((network) => network.name === name);
    const key = await em.findOne(PostbackKey, { id: readSerialId(postbackKeyId) ?? 0, deleted: false });
    return template && key ? networkPreset(template, postbackUrl(trackerUrl, key.key), key) : null;
  }

  @Extensions({ rows: trafficSources.length })
  @Query(() => [TrafficSource], { description: "The traffic sources that Waypost has a preset for, by name." })
  trafficSources(): TrafficSource[] {
    return trafficSources;
  }

  @Query(() => TrafficSourcePreset, {
    nullable: true,
    description: "How a traffic source links to a flow; null when there is no such source or flow.",
  })
  async trafficSourcePreset(
    @Ctx() { em, trackerUrl }: FlowContext,
    @Arg("name", () => String) name: string,
    @Arg("flowId", () => ID) flowId: string,
  ): Promise<TrafficSourcePreset | null> {
    const template = trafficSources.find((source) => source.name === name);
    const flow = await em.findOne(Flow, { id: readSerialId(flowId) ?? 0 });
    return template && flow ? trafficSourcePreset(template, trackingUrl(trackerUrl, flow.key)) : null;
  }
}
