import { randomBytes } from "node:crypto";
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

/**
 * Whether the password is the hash's; for a user that does not exist (no hash) it takes as long and is false.
 *
 * @param check  compares a hash with a password.
 */
export async function isPassword(
  passwordHash: string | null,
  password: string,
  check: (passwordHash: string, password: string) => Promise<boolean> = verify,
): Promise<boolean> {
  const matches = await check(passwordHash ?? (await nobody), password);
  return matches && passwordHash !== null;
}

/** A random password: 96 bits, base64url. */
export function makePassword(): string {
  return randomBytes(12).toString("base64url");
}

/** Why a text may be nobody's password, to be read behind its name; null: it may. Never shows it. */
export async function passwordProblem(password: string): Promise<string | null> {
  if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX) {
    const counted = `${password.length} character${password.length === 1 ? "" : "s"}`;
    return `has ${counted}; ${PASSWORD_MIN} to ${PASSWORD_MAX} are allowed.`;
  }
  return (await isCommon(password)) ? "is one of the most common ones, which are tried first: choose another." : null;
}

/** Whether it is among those that were found most often in leaks, in any case, or a few characters over and over. */
async function isCommon(password: string): Promise<boolean> {
  // Two megabytes, which no start needs but the first.
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const plain = password.trim().toLowerCase();
  return /^(.{0,3})\1*$/s.test(plain) || dictionary["passwords-common"].includes(plain);
}
