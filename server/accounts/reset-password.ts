import { type EntityManager } from "@mikro-orm/sql";
import { excerpt } from "../kit/errors.js";
import { EXIT_CONFIG, StartError } from "../kit/process.js";
import { hashPassword, makePassword } from "./password.js";
import { Session } from "./session.js";
import { accountOf, User } from "./user.js";

/** Gives a user a new random password and ends the user's sessions. @returns it @throws StartError when there is no such user */
export async function resetPassword(em: EntityManager, email: string): Promise<{ user: User; password: string }> {
  const own = em.fork();
  const user = await own.findOne(User, { email: accountOf(email) });
  if (!user) {
    const known = (await own.find(User, {}, { orderBy: { id: "asc" }, limit: 20 })).map((each) => each.email);
    const there = known.length > 0 ? `These are: ${known.join(", ")}.` : "The first start makes one.";
    throw new StartError(`There is no user ${JSON.stringify(excerpt(email))}. ${there}`, EXIT_CONFIG);
  }
  const password = makePassword();
  const passwordHash = await hashPassword(password);
  await own.transactional(async (inner) => {
    await inner.nativeUpdate(User, { id: user.id }, { passwordHash });
    await inner.nativeDelete(Session, { userId: user.id });
  });
  return { user, password };
}
