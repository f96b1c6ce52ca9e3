import { Arg, Ctx, ID, Mutation, Resolver } from "#type-graphql";
import { type ApiContext } from "../kit/context.js";
import { databaseReason, isDatabaseDown } from "../kit/database-errors.js";
import { badInput, excerpt, notFound } from "../kit/errors.js";
import { readId } from "../kit/id.js";
import { writeTransaction } from "../kit/transaction.js";
import { PutAside } from "./put-aside.js";
import { storeAgain } from "./store-entries.js";

/** What operators do with what was put aside. */
@Resolver()
export class PutAsideResolver {
  @Mutation(() => PutAside, {
    description:
      "Tries again to store what was put aside, when its reason has been seen to. It is stored once at most.",
  })
  async retryPutAside(@Ctx() { em }: ApiContext, @Arg("id", () => ID) id: string): Promise<PutAside> {
    const own = em.fork();
    const known = readId(id);
    const aside = known && (await own.findOne(PutAside, { id: known }));
    if (!aside) throw notFound("entry that was put aside", id);
    if (aside.retried) return aside;
    try {
      await writeTransaction(em, async (transaction) => {
        await storeAgain(transaction, aside);
        await transaction.nativeUpdate(PutAside, { id: aside.id }, { retried: true });
      });
    } catch (error) {
      if (isDatabaseDown(error)) throw error;
      throw badInput("id", `It is refused again: ${excerpt(databaseReason(error), 500)}`);
    }
    return own.refresh(aside) as Promise<PutAside>;
  }
}
