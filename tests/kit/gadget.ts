import { randomUUID } from "node:crypto";
import { Arg, Ctx, Field, ID, Mutation, Query, Resolver, registerEnumType } from "type-graphql";
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

@noun("What holds a gadget together.")
export class Screw {
  @serialId() id!: number;
  @whole(1, 2 ** 31 - 1, { description: "The gadget it is in.", internal: true }) gadgetId!: number;
  @text(20, { description: "What it is called.", input: { required: true } }) size!: string;
  @whole(1, 99, { description: "How many there are.", input: { default: 4 } }) count!: number;
}

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

  @Field(() => [Screw], { description: "What holds it together." })
  screws(@Ctx() { loadList }: ApiContext): Promise<Screw[]> {
    return loadList(Screw, "gadgetId", this.id);
  }
}

const MakerResource = createResource(Maker, { singular: "maker", plural: "makers", fact: false });
const GadgetResource = createResource(Gadget, {
  singular: "gadget",
  plural: "gadgets",
  fact: false,
  sort: createSort("Gadget", { NAME: "name", WEIGHT: "weight" }),
});
const MakerInput = createInput(Maker, "A maker to be.");
const ScrewInput = createInput(Screw, "A screw to be.", { matchedById: true });
const GadgetInput = createInput(Gadget, "A gadget to be.", { lists: { screws: ScrewInput } });

/** What a gadget has that nobody types in. */
const UNASKED = {
  parts: { lid: "round", springs: [1, 2] },
  makerId: 1,
  clickHash: "0123456789abcdef0123456789abcdef",
  country: "BR",
  manual: "https://example.com/manual?page=1",
  ip: "192.0.2.7",
  answer: 200,
};

/** What the mutations are given: values of columns, and the screws. */
interface Given {
  screws?: object[];
}

@Resolver()
class GadgetMutation {
  @Query(() => User)
  me(): object {
    return { id: 1, email: "maker@example.com" };
  }

  @Mutation(() => Maker)
  async createMaker(@Ctx() context: ApiContext, @Arg("input", () => MakerInput) input: object): Promise<Maker> {
    const values = read(Maker, input, true);
    const id = await context.em.insert(Maker, values as never);
    return context.em.findOneOrFail(Maker, { id: id as never });
  }

  @Mutation(() => Maker, { description: "Ends a maker: what it made stays." })
  deleteMaker(@Ctx() context: ApiContext, @Arg("id", () => ID) id: string): Promise<Maker> {
    return remove(context, Maker, Number(id));
  }

  @Mutation(() => Gadget)
  async createGadget(@Ctx() { em }: ApiContext, @Arg("input", () => GadgetInput) input: Given): Promise<Gadget> {
    const values = read(Gadget, input, true);
    const serialNumber = values.serialNumber ?? randomUUID().slice(0, 8);
    const id = (await em.insert(Gadget, { ...UNASKED, ...values, serialNumber } as never)) as number;
    await writeScrews(em, id, input);
    return em.findOneOrFail(Gadget, { id });
  }

  @Mutation(() => Gadget)
  async updateGadget(
    @Ctx() { em }: ApiContext,
    @Arg("id", () => ID) id: string,
    @Arg("input", () => GadgetInput) input: Given,
  ): Promise<Gadget> {
    await em.nativeUpdate(Gadget, { id: Number(id) }, read(Gadget, input, false) as never);
    await writeScrews(em, Number(id), input);
    return em.findOneOrFail(Gadget, { id: Number(id) });
  }

  @Mutation(() => Gadget, { description: "Takes a gadget apart." })
  deleteGadget(@Ctx() context: ApiContext, @Arg("id", () => ID) id: string): Promise<Gadget> {
    return remove(context, Gadget, Number(id));
  }
}

/** The values of an input that can be stored. @throws BAD_USER_INPUT */
function read(entity: typeof Maker | typeof Gadget, input: object, creating: boolean): Record<string, unknown> {
  const problems: { field: string; message: string }[] = [];
  const values = readInput(entity, input, { creating, problems });
  const { screws = [] } = input as Given;
  screws.forEach((screw, index) => {
    readInput(Screw, screw, { path: `screws.${index}.`, creating: true, problems });
  });
  refuseProblems(problems);
  return values;
}

async function writeScrews(em: ApiContext["em"], gadgetId: number, { screws }: Given): Promise<void> {
  if (!screws) return;
  await em.nativeDelete(Screw, { gadgetId });
  for (const screw of screws) {
    const values = readInput(Screw, screw, { creating: true, problems: [] });
    await em.insert(Screw, { ...values, gadgetId } as never);
  }
}

async function remove<T extends Maker | Gadget>({ em }: ApiContext, entity: new () => T, id: number): Promise<T> {
  const row = await em.findOneOrFail(entity as never, { id } as never);
  await em.nativeDelete(entity as never, { id } as never);
  return row as T;
}

/** Everything there is of nouns that Waypost does not have. */
export const gadgetResolvers = [MakerResource, GadgetResource, GadgetMutation];
