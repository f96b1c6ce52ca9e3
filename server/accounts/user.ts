import { Property } from "@mikro-orm/decorators/legacy";
import { instant, noun, serialId, text } from "../kit/column.js";

@noun("Somebody who may sign in.")
export class User {
  @serialId() id!: number;
  @text(254, { description: "The e-mail address to sign in with, in lower case.", unique: true }) email!: string;
  /** Argon2id in PHC form. */
  @Property({ type: "string", length: 255 }) passwordHash!: string;
  @instant({ description: "When it was made.", internal: true }) createdAt!: Date;
}
