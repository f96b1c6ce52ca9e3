import { Arg, Ctx, Extensions, Field, Int, Mutation, ObjectType, Resolver } from "#type-graphql";
import { type AccountContext, callerOf } from "../accounts/account-resolver.js";
import { ConversionStatus } from "../catalog/conversion-status.js";
import { lengthOf } from "../kit/column.js";
import { type ApiContext } from "../kit/context.js";
import { badInput } from "../kit/errors.js";
import { readExpected } from "../kit/expected-rows.js";
import { type FilterInput, filterOf } from "../kit/filter.js";
import { announced } from "./announcement.js";
import { changeByHand, type HandResult } from "./change-by-hand.js";
import { Conversion } from "./conversion.js";
import { NOTE_MAX } from "./conversion-change.js";

/** So many conversions may be changed by one request: it takes some seconds. */
const CHANGED_MAX = 10_000;

@ObjectType({ description: "What became of conversions that were changed by hand." })
class ConversionsChanged implements HandResult {
  @Field(() => Int, { description: "How many have another status now." }) changed!: number;
  @Field(() => Int, { description: "How many had that status already." }) unchanged!: number;
  @Field(() => Int, { description: "How many have another because something that arrived later says so." })
  overtaken!: number;
}

@Resolver()
export class ChangeConversionsResolver {
  @Extensions({ rows: CHANGED_MAX })
  @Mutation(() => ConversionsChanged, {
    description: `Sets the status of all conversions that a filter leaves, at most ${CHANGED_MAX}. Later postbacks can change it again. It can be repeated: those that have the status are left alone.`,
  })
  async changeConversions(
    @Ctx() context: ApiContext & AccountContext,
    @Arg("filter", () => filterOf(Conversion).type, { description: "Which: by `ids`, or as in the list." })
    filter: FilterInput,
    @Arg("expected", () => Int, {
      description: "How many there are, as it was seen and confirmed: where there are others, nothing is changed.",
    })
    expected: number,
    @Arg("status", () => ConversionStatus, { description: "What they are to be." }) status: ConversionStatus,
    @Arg("note", () => String, {
      nullable: true,
      description: `Why, for their history; at most ${NOTE_MAX} characters.`,
    })
    note: string | null,
  ): Promise<ConversionsChanged> {
    const { user } = callerOf(context);
    const change = { status, userId: user.id, note: readNote(note) };
    const { em, now, nextId, forgetLoaded } = context;
    const found = await readExpected(em, Conversion, { filter, expected, max: CHANGED_MAX });
    forgetLoaded();
    return announced(em, nextId(now()), () => {
      const at = now();
      return changeByHand(
        em,
        found.map((conversion) => ({ ...conversion, arrival: nextId(at) })),
        change,
      );
    });
  }
}

function readNote(given: string | null): string | null {
  const note = given?.toWellFormed().trim() || null;
  const length = lengthOf(note ?? "");
  if (length > NOTE_MAX) throw badInput("note", `The note has ${length} characters; at most ${NOTE_MAX} are allowed.`);
  return note;
}
