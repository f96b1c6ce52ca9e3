import { Field } from "#type-graphql";
import { Flow, VALUE_MAX } from "../catalog/flow.js";
import { Path } from "../catalog/path.js";
import { factId, flag, json, listIndexes, longText, noun, reference, text, whole } from "../kit/column.js";
import { view } from "../kit/column-view.js";
import { countedBy } from "../kit/counters.js";
import { excerpt } from "../kit/errors.js";
import { momentOf } from "../kit/id.js";
import { createResource, factSort } from "../kit/resource.js";
import { DateTime } from "../kit/scalars.js";
import { type BrowserWord, type DeviceWord, type SystemWord } from "./agent-words.js";

export const USER_AGENT_MAX = 512;
export const REFERRER_MAX = 1024;
export const LANGUAGE_MAX = 35;
const VERSION_MAX = 16;
export const TRUNCATED_MAX = 512;
export const ISP_MAX = 128;
/** What GraphQL's `Int` holds; networks beyond it are private ones. */
export const ASN_MAX = 2_147_483_647;

@noun("One tracked visit: who came, through which flow, and where they were sent.")
@countedBy({ by: [["flowId"], ["country"], ["flowId", "country"]], within: ["bot"] })
@listIndexes(["flowId"], ["country"], ["flowId", "country"], ["bot"], ["flowId", "bot"])
export class Click {
  @factId("The click hash: what a postback names to report a conversion.", {
    kind: "HASH",
    label: "Click hash",
    phone: 3,
  })
  id!: string;
  @reference(() => Flow, {
    as: "flow",
    description: "The flow whose tracking URL was opened.",
    filter: true,
    view: { phone: 1 },
  })
  flowId!: number;
  @reference(() => Path, {
    as: "path",
    description: "The path that was drawn.",
    nullable: true,
    view: { hidden: true },
  })
  pathId!: number | null;
  @text(45, { description: "The visitor's IP address.", view: { kind: "IP" } }) ip!: string;
  @text(2, {
    description: "Country of the IP address (ISO 3166-1 alpha-2).",
    nullable: true,
    view: { kind: "COUNTRY", phone: 2 },
    filter: { normalize: (country) => country.trim().toUpperCase() },
    check: (country: string) =>
      /^[A-Z]{2}$/.test(country) ? null : `"${excerpt(country)}" is no country: it has two letters, such as DE.`,
  })
  country!: string | null;
  @text(VALUE_MAX, { description: "Sub ID from the link, or the flow's default.", nullable: true }) subId!:
    | string
    | null;
  @text(VALUE_MAX, { description: "Source (utm_source) from the link, or the flow's default.", nullable: true })
  source!: string | null;
  @text(VALUE_MAX, {
    description: "Medium (utm_medium) from the link, or the flow's default.",
    nullable: true,
    view: { hidden: true },
  })
  medium!: string | null;
  @text(VALUE_MAX, {
    description: "Campaign (utm_campaign) from the link, or the flow's default.",
    nullable: true,
    view: { hidden: true },
  })
  campaign!: string | null;
  @text(VALUE_MAX, {
    description: "Content (utm_content) from the link, or the flow's default.",
    nullable: true,
    view: { hidden: true },
  })
  content!: string | null;
  @text(VALUE_MAX, {
    description: "Term (utm_term) from the link, or the flow's default.",
    nullable: true,
    view: { hidden: true },
  })
  term!: string | null;
  @longText({
    description: "The URL the visitor was sent to, macros filled.",
    view: { kind: "URL" },
  })
  destinationUrl!: string;
  @text(USER_AGENT_MAX, {
    description: "The visitor's browser, as it names itself.",
    nullable: true,
    view: { hidden: true },
  })
  userAgent!: string | null;
  @text(REFERRER_MAX, {
    description: "The page the visitor came from.",
    nullable: true,
    view: { kind: "URL", hidden: true },
  })
  referrer!: string | null;
  @text(32, {
    description: "Kind of device: desktop, mobile, tablet, tv or console.",
    nullable: true,
    view: { hidden: true },
  })
  device!: DeviceWord | null;
  @text(32, { description: "Operating system.", nullable: true, view: { hidden: true } })
  os!: SystemWord | null;
  @text(VERSION_MAX, {
    description: "Version of the operating system: major.minor, as far as the browser says it.",
    nullable: true,
    view: { hidden: true },
  })
  osVersion!: string | null;
  @text(32, {
    description: "Browser, or the app that shows the page inside itself.",
    nullable: true,
    view: { hidden: true },
  })
  browser!: BrowserWord | null;
  @text(VERSION_MAX, {
    description: "Version of the browser or app: major.minor, as far as it says it.",
    nullable: true,
    view: { hidden: true },
  })
  browserVersion!: string | null;
  @text(LANGUAGE_MAX, {
    description: "The language the browser asks for first.",
    nullable: true,
    view: { hidden: true },
  })
  language!: string | null;
  @flag({
    description: "Whether it looks like a bot or a preview, or says nothing of itself.",
    filter: true,
    view: { hidden: true },
  })
  bot!: boolean;
  @whole(1, ASN_MAX, {
    description: "Number of the network that the IP address belongs to, if there is an asn.mmdb.",
    nullable: true,
    view: { hidden: true },
  })
  asn!: number | null;
  @text(ISP_MAX, {
    description: "Name of the network that the IP address belongs to, if there is an asn.mmdb.",
    nullable: true,
    view: { hidden: true },
  })
  isp!: string | null;
  @json({ description: "The visitor's further parameters.", view: { label: "Parameters", hidden: true } })
  params!: Record<string, string>;
  @text(TRUNCATED_MAX, {
    description: "What the visitor sent that was too long or too much and is cut, by the names of macros.",
    nullable: true,
    view: { hidden: true },
  })
  truncated!: string | null;

  @view({ label: "Time", phone: 4 })
  @Field(() => DateTime, { description: "When the visitor came." })
  get createdAt(): Date {
    return momentOf(this.id);
  }
}

export const ClickResource = createResource(Click, { singular: "click", plural: "clicks", fact: true, sort: factSort });
