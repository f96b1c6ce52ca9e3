import { resources } from "../schema/waypost";

/** Lists that are seldom looked at. On a phone, whose bar has five places, they stand in the account's menu. */
const SELDOM = ["postbackKeys", "putAsides"];

const names = resources.map(({ name }) => name);

/** Places of the menu: what operators look at all day, then what they set up or clear up. */
export const daily = names.filter((name) => !SELDOM.includes(name));
export const seldom = names.filter((name) => SELDOM.includes(name));
