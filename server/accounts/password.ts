import { hash, verify } from "@node-rs/argon2";

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 1024;

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Argon2id is the library's default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Argon2id of a password, in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

const nobody = hashPassword("nobody has this password");

/** Whether the password is the hash's; for a user that does not exist (no hash) it takes as long and is false. */
export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobody), password);
  return matches && passwordHash !== null;
}
