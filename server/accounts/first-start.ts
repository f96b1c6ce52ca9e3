import { type EntityManager } from "@mikro-orm/sql";
import { changeCatalog } from "../catalog/catalog-revision.js";
import { addPostbackKey } from "../catalog/postback-key-write.js";
import { EXIT_CONFIG, StartError } from "../kit/process.js";
import { hashPassword, makePassword, passwordProblem } from "./password.js";
import { User } from "./user.js";

/** What the operator has to be told after the very first start. */
export interface FirstStart {
  email: string;
  /** The password, if it was made up; null when it was given. */
  password: string | null;
  postbackKey: string;
}

/**
 * Makes the first user and the first postback key on an empty system, both or neither. Runs in one process at a time (`migrate`).
 *
 * @returns null when there is a user already.
 * @throws StartError when the password that was given may be nobody's.
 */
export async function makeFirstUser(
  em: EntityManager,
  { adminEmail, adminPassword }: { adminEmail: string; adminPassword: string | undefined },
): Promise<FirstStart | null> {
  if ((await em.fork().count(User, {})) > 0) return null;
  const now = new Date();
  const problem = adminPassword === undefined ? null : await passwordProblem(adminPassword);
  if (problem) throw new StartError(`ADMIN_PASSWORD ${problem}`, EXIT_CONFIG);
  const password = adminPassword ?? makePassword();
  const passwordHash = await hashPassword(password);
  const { key } = await changeCatalog(em, async (own) => {
    own.persist(own.create(User, { email: adminEmail, passwordHash, createdAt: now }));
    return addPostbackKey(own, { name: "First postback key" }, now);
  });
  return { email: adminEmail, password: adminPassword === undefined ? password : null, postbackKey: key };
}
