import { type Logger } from "pino";

/** What is logged of who gets in and what opens doors, and the words for it. Warnings are those that somebody may want to see at once. */
const events = {
  signed_in: ["info", "Somebody has signed in."],
  sign_in_failed: ["warn", "A sign-in failed."],
  sign_in_closed: ["warn", "Too many wrong passwords: no more are tried for a while."],
  signed_out: ["info", "Somebody has signed out."],
  password_changed: ["info", "A password was changed; the user's other sessions have ended."],
  password_change_failed: ["warn", "A change of password failed: the current one was wrong."],
  password_reset: ["warn", "A password was reset; the user's sessions have ended."],
  postback_key_made: ["info", "A postback key was made."],
  postback_key_changed: ["info", "A postback key was changed."],
  postback_key_deleted: ["info", "A postback key was deleted."],
} as const;

export type AuditEvent = keyof typeof events;

/**
 * Logs an event: one line, with `event`, `user` (e-mail address; null: nobody who is known) and `address`.
 *
 * @param about  what else there is to say. Never a password, token or key, and nothing that a caller typed and that may be one.
 */
export type Audit = (event: AuditEvent, about?: Record<string, unknown>) => void;

/** @param who  is said with every event. */
export function createAudit(log: Logger, who: { user: string | null; address?: string }): Audit {
  return (event, about) => {
    const [level, words] = events[event];
    log[level]({ event, ...who, ...about }, words);
  };
}
