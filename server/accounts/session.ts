import { createHash, randomBytes } from "node:crypto";
import { type EntityManager } from "@mikro-orm/sql";
import { exactText, instant, internalNoun, listIndexes, serialId, whole } from "../kit/column.js";
import { User } from "./user.js";

/** How long a session lasts, in milliseconds. */
export const SESSION_MS = 30 * 24 * 60 * 60 * 1000;

@internalNoun("A signed-in user. Only the digest of the token is kept.")
@listIndexes(["userId"])
export class Session {
  @serialId() id!: number;
  @exactText(64, { description: "SHA-256 of the token, hexadecimal.", unique: true }) digest!: string;
  @whole(1, 2 ** 31 - 1, { description: "Id of the user." }) userId!: number;
  @instant({ description: "When it was made." }) createdAt!: Date;
  @instant({ description: "When it ends." }) expiresAt!: Date;
}

/** Who is asking, and by which session. */
export interface Caller {
  user: User;
  sessionId: number;
}

/** Begins a session and clears away those that have ended. @returns the token: 256 random bits, base64url. */
export async function beginSession(em: EntityManager, user: User, now: Date): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const own = em.fork();
  await own.nativeDelete(Session, { expiresAt: { $lt: now } });
  await own.insert(Session, {
    digest: digestOf(token),
    userId: user.id,
    createdAt: now,
    expiresAt: new Date(now.getTime() + SESSION_MS),
  } as never);
  return token;
}

/** The caller that a token belongs to, or null. */
export async function findCaller(em: EntityManager, token: string, now: Date): Promise<Caller | null> {
  const own = em.fork();
  const session = await own.findOne(Session, { digest: digestOf(token), expiresAt: { $gt: now } });
  const user = session && (await own.findOne(User, { id: session.userId }));
  return user ? { user, sessionId: session.id } : null;
}

/** Ends one session. */
export async function endSession(em: EntityManager, sessionId: number): Promise<void> {
  await em.fork().nativeDelete(Session, { id: sessionId });
}

/** Ends all sessions of a user but one. */
export async function endOtherSessions(em: EntityManager, { user, sessionId }: Caller): Promise<void> {
  await em.fork().nativeDelete(Session, { userId: user.id, id: { $ne: sessionId } });
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
