import { Property } from "@mikro-orm/decorators/legacy";
import { exactText, instant, noun, serialId, text } from "../kit/column.js";

/** The address that a user is known by, out of what somebody typed. */
export function accountOf(email: string): string {
  return email.toWellFormed().trim().toLowerCase();
}

@noun("Somebody who may sign in.")
export class User {
  @serialId() id!: number;
  @text(254, { description: "The e-mail address to sign in with, in lower case.", unique: true }) email!: string;
  /** Argon2id in PHC form. */
  @Property({ type: "string", length: 255 }) passwordHash!: string;
  @exactText(64, {
    description: "What proves that a browser has signed in before; none: no browser has.",
    internal: true,
    nullable: true,
  })
  browserSecret!: string | null;
  @instant({ description: "When it was made.", internal: true }) createdAt!: Date;
}
