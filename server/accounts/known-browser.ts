import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { type EntityManager } from "@mikro-orm/sql";
import { User } from "./user.js";

/** How long a browser is known after its last sign-in, in milliseconds. */
export const KNOWN_BROWSER_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * The number of a browser that has signed in as this user before, or null. What proves it is a cookie that only the holder of
 * the user's `browserSecret` can make: nothing is stored for each browser.
 */
export function knownBrowser(user: User | null, cookie: string | undefined): string | null {
  const [number = "", given = "", ...more] = (cookie ?? "").split(".");
  if (!user?.browserSecret || more.length > 0) return null;
  const [theirs, ours] = [Buffer.from(given), Buffer.from(proofOf(user.browserSecret, number))];
  return theirs.length === ours.length && timingSafeEqual(theirs, ours) ? number : null;
}

/** The cookie of a browser that signs in, a known one or a new one. */
export async function introduceBrowser(em: EntityManager, user: User, known: string | null): Promise<string> {
  const number = known ?? randomBytes(16).toString("base64url");
  return `${number}.${proofOf(user.browserSecret ?? (await makeSecret(em, user.id)), number)}`;
}

/** Of several that make it at once, the first makes it for all. */
async function makeSecret(em: EntityManager, id: number): Promise<string> {
  const own = em.fork();
  const browserSecret = randomBytes(32).toString("hex");
  await own.nativeUpdate(User, { id, browserSecret: null }, { browserSecret });
  return (await own.findOneOrFail(User, { id })).browserSecret ?? "";
}

function proofOf(secret: string, number: string): string {
  return createHmac("sha256", secret).update(number).digest("base64url");
}
