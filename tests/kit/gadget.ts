import { randomUUID } from "node:crypto";
import { Arg, Ctx, Mutation, Query, Resolver, registerEnumType } from "type-graphql";
import { User } from "../../server/accounts/user.js";
import {
  choice,
  exactText,
  factReference,
  flag,
  instant,
  json,
  longText,
  money,
  noun,
  reference,
  serialId,
  text,
  whole,
} from "../../server/kit/column.js";
import { type ApiContext } from "../../server/kit/context.js";
import { createInput, readInput, refuseProblems } from "../../server/kit/input.js";
import { createResource, createSort } from "../../server/kit/resource.js";

enum Finish {
  MATT = "MATT",
  HIGH_GLOSS = "HIGH_GLOSS",
}
registerEnumType(Finish, { name: "Finish", description: "How it shines." });

@noun("Somebody who makes gadgets.")
export class Maker {
  @serialId() id!: number;
  @text(40, { description: "What it is called.", filter: true, input: { required: true } }) name!: string;
}

@noun("One column of every kind.")
export class Gadget {
  @serialId() id!: number;
  @text(40, { description: "What people call it.", filter: true, input: { required: true }, view: { phone: 1 } })
  name!: string;
  @longText({ description: "A story.", nullable: true, input: true }) longStory!: string | null;
  @exactText(20, { description: "Read letter by letter.", filter: true, input: true, view: { kind: "CODE" } })
  serialNumber!: string;
  @choice(() => Finish, { description: "How it shines.", filter: true, input: true, view: { phone: 2 } })
  finish!: Finish;
  @flag({ description: "Whether it works.", filter: true, input: { default: true } }) working!: boolean;
  @whole(1, 900, { description: "Grams.", filter: true, input: { default: 5 } }) weight!: number;
  @money({ description: "What it costs.", input: { default: "0" }, view: { unit: "currency" } }) price!: string;
  @text(3, { description: "Currency of the price.", input: { default: "USD" }, view: { hidden: true } })
  currency!: string;
  @instant({ description: "When it was made.", input: true, view: { label: "Made" } }) madeAt!: Date;
  @json({ description: "Its parts.", view: { hidden: true } }) parts!: unknown;
  @reference(() => Maker, { as: "maker", description: "Who made it.", filter: true }) makerId!: number;
  @factReference(null, { description: "The click it came by.", filter: true, view: { kind: "HASH" } })
  clickHash!: string;
  @text(2, { description: "Where it is.", filter: true, view: { kind: "COUNTRY" } }) country!: string;
  @text(200, { description: "Where to read more.", view: { kind: "URL" } }) manual!: string;
  @text(45, { description: "Its address.", view: { kind: "IP" } }) ip!: string;
  @whole(100, 599, { description: "What it says.", filter: true, view: { kind: "ANSWER", choices: [200, 500] } })
  answer!: number;
}

const MakerResource = createResource(Maker, { singular: "maker", plural: "makers", fact: false });
const GadgetResource = createResource(Gadget, {
  singular: "gadget",
  plural: "gadgets",
  fact: false,
  sort: createSort("Gadget", { NAME: "name", WEIGHT: "weight" }),
});
const GadgetInput = createInput(Gadget, "A gadget to be.");

/** What a gadget has that nobody types in. */
const UNASKED = {
  parts: { lid: "round", screws: [1, 2] },
  makerId: 1,
  clickHash: "0123456789abcdef0123456789abcdef",
  country: "BR",
  manual: "https://example.com/manual?page=1",
  ip: "192.0.2.7",
  answer: 200,
};

@Resolver()
class GadgetMutation {
  @Query(() => User)
  me(): object {
    return { id: 1, email: "maker@example.com" };
  }

  @Mutation(() => Gadget)
  async createGadget(@Ctx() { em }: ApiContext, @Arg("input", () => GadgetInput) input: object): Promise<Gadget> {
    const problems: { field: string; message: string }[] = [];
    const values = readInput(Gadget, input, { creating: true, problems });
    refuseProblems(problems);
    const serialNumber = values.serialNumber ?? randomUUID().slice(0, 8);
    const own = em.fork();
    const id = await own.insert(Gadget, { ...UNASKED, ...values, serialNumber } as never);
    return own.findOneOrFail(Gadget, { id: id as never });
  }
}

/** Everything there is of a noun that Waypost does not have. */
export const gadgetResolvers = [MakerResource, GadgetResource, GadgetMutation];
