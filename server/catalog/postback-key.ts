import { Ctx, Field } from "#type-graphql";
import { choice, exactText, flag, instant, jsonList, noun, serialId, text } from "../kit/column.js";
import { view } from "../kit/column-view.js";
import { createResource } from "../kit/resource.js";
import { ConversionStatus } from "./conversion-status.js";
import { CurrencyWord } from "./currency-words.js";
import { type FlowContext } from "./flow.js";
import { StatusWord } from "./status-words.js";
import { postbackUrl } from "./urls.js";

/** At most so many keys exist at a time. */
export const POSTBACK_KEYS_MAX = 100;

@noun("The secret in a postback URL; one for each advertiser or network.")
export class PostbackKey {
  @serialId() id!: number;
  @text(120, { description: "Whom it was given to.", view: { phone: 1 }, input: true }) name!: string;
  @exactText(64, {
    description: "The secret itself.",
    unique: true,
    view: { kind: "CODE", phone: 3 },
    input: true,
    check: (key: string) =>
      /^[A-Za-z0-9_-]{6,64}$/.test(key) ? null : 'A key is 6 to 64 of A-Z, a-z, 0-9, "_" and "-".',
  })
  key!: string;

  @view({ kind: "URL", label: "Postback URL" })
  @Field(() => String, { description: "The URL to give to the advertiser." })
  url(@Ctx() { trackerUrl }: FlowContext): string {
    return postbackUrl(trackerUrl, this.key);
  }

  @choice(() => ConversionStatus, {
    description:
      "The status of a new conversion whose postback names none. A URL as Keitaro has it knows one of its own: approved.",
    view: { hidden: true },
    input: true,
  })
  defaultStatus!: ConversionStatus;
  @jsonList(() => StatusWord, {
    description: "What words for a status mean in its postbacks, beyond those that Waypost knows by itself.",
    view: { hidden: true },
  })
  statusWords!: StatusWord[];
  @jsonList(() => CurrencyWord, {
    description: "Words that stand for a currency in its postbacks, beside the codes of ISO 4217.",
    view: { hidden: true },
  })
  currencyWords!: CurrencyWord[];
  @instant({ description: "When it was made.", view: { label: "Created", phone: 4 } }) createdAt!: Date;
  @flag({
    description: "Deleted keys take no postbacks.",
    filter: { default: false },
    view: { hidden: true },
  })
  deleted!: boolean;
}

export const PostbackKeyResource = createResource(PostbackKey, {
  singular: "postbackKey",
  plural: "postbackKeys",
  fact: false,
  single: [{ property: "deleted", is: "=", value: false }],
});

/** What a key says of how its postbacks are read. */
export type KeyRules = Pick<PostbackKey, "defaultStatus" | "statusWords" | "currencyWords">;

/** What a key says that nobody has told anything. */
export const NO_RULES: KeyRules = { defaultStatus: ConversionStatus.PENDING, statusWords: [], currencyWords: [] };
