import { Field, InputType, ObjectType, registerEnumType } from "#type-graphql";

/** What an advertiser's word for a status means to us. */
export enum WordMeaning {
  PENDING = "PENDING",
  APPROVED = "APPROVED",
  REJECTED = "REJECTED",
  IGNORE = "IGNORE",
}
registerEnumType(WordMeaning, {
  name: "WordMeaning",
  description: "What an advertiser's word for a status means.",
  valuesConfig: {
    PENDING: { description: "The conversion is pending." },
    APPROVED: { description: "The conversion is approved: its revenue counts." },
    REJECTED: { description: "The conversion is rejected." },
    IGNORE: { description: "The postback is taken, and changes nothing." },
  },
});

@ObjectType({ description: "What one word for a status means in the postbacks of a key." })
@InputType("StatusWordInput", { description: "What one word for a status is to mean in the postbacks of a key." })
export class StatusWord {
  @Field(() => String, { description: "The advertiser's word, in small letters; any case of it counts." })
  word!: string;
  @Field(() => WordMeaning, { description: "What it means." }) meaning!: WordMeaning;
}
