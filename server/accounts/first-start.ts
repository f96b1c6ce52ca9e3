import { randomBytes } from "node:crypto";
import { type EntityManager } from "@mikro-orm/sql";
import { changeCatalog } from "../catalog/catalog-revision.js";
import { addPostbackKey } from "../catalog/postback-key-write.js";
import { hashPassword } from "./password.js";
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
 */
export async function makeFirstUser(
  em: EntityManager,
  { adminEmail, adminPassword }: { adminEmail: string; adminPassword: string | undefined },
): Promise<FirstStart | null> {
  if ((await em.fork().count(User, {})) > 0) return null;
  const now = new Date();
  const password = adminPassword ?? randomBytes(12).toString("base64url");
  const passwordHash = await hashPassword(password);
  const { key } = await changeCatalog(em, async (own) => {
    own.persist(own.create(User, { email: adminEmail, passwordHash, createdAt: now }));
    return addPostbackKey(own, { name: "First postback key" }, now);
  });
  return { email: adminEmail, password: adminPassword === undefined ? password : null, postbackKey: key };
}
