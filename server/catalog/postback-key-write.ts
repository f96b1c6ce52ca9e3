import { randomBytes } from "node:crypto";
import { LockMode } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { readSerialId } from "../kit/column.js";
import { badInput, notFound } from "../kit/errors.js";
import { createInput, type Problem, readInput, refuseProblems } from "../kit/input.js";
import { changeCatalog } from "./catalog-revision.js";
import { type ConversionStatus } from "./conversion-status.js";
import { CurrencyWord, readCurrencyWords } from "./currency-words.js";
import { NO_RULES, POSTBACK_KEYS_MAX, PostbackKey } from "./postback-key.js";
import { StatusWord } from "./status-words.js";
import { readMappedWords } from "./words.js";

const NAME_DEFAULT = "Postback key";

export const PostbackKeyInput = createInput(
  PostbackKey,
  "What is to change of a postback key; what is left out stays. The key itself is fixed.",
  { without: ["key"], lists: { statusWords: StatusWord, currencyWords: CurrencyWord } },
);
/** What arrives as a `PostbackKeyInput`. */
export interface PostbackKeyInputValues {
  name?: string | null;
  defaultStatus?: ConversionStatus | null;
  statusWords?: StatusWord[] | null;
  currencyWords?: CurrencyWord[] | null;
}

/**
 * Makes a postback key, or takes over one that advertisers already have in their templates. A deleted key that is taken
 * over again lives on under its id.
 *
 * @throws BAD_USER_INPUT for `key` or `name`; also when there are as many keys as may be.
 */
export function generatePostbackKey(em: EntityManager, given: GivenKey, now: Date): Promise<PostbackKey> {
  return changeCatalog(em, (own) => addPostbackKey(own, given, now));
}

/** What an operator says of a new key; what is left out is made up. */
export interface GivenKey {
  name?: string | null;
  key?: string | null;
  defaultStatus?: ConversionStatus | null;
}

/** The same within a change of the catalog that is under way. */
export async function addPostbackKey(own: EntityManager, given: GivenKey, now: Date): Promise<PostbackKey> {
  const problems: Problem[] = [];
  const values = readInput(PostbackKey, given, { creating: true, problems });
  refuseProblems(problems);
  const name = (values.name as string) ?? NAME_DEFAULT;
  const defaultStatus = (values.defaultStatus as ConversionStatus) ?? NO_RULES.defaultStatus;
  const said = { ...NO_RULES, name, defaultStatus, createdAt: now, deleted: false };
  const key = (values.key as string) ?? randomBytes(24).toString("base64url");

  if ((await own.count(PostbackKey, { deleted: false })) >= POSTBACK_KEYS_MAX) {
    throw badInput("key", `There are ${POSTBACK_KEYS_MAX} postback keys, as many as may be. Delete one first.`);
  }
  const same = await own.findOne(PostbackKey, { key });
  if (same && !same.deleted) throw badInput("key", "This key exists already. Give another, or leave it out.");
  if (same) return own.assign(same, said);
  const made = own.create(PostbackKey, { ...said, key });
  own.persist(made);
  return made;
}

/** Changes what the input names; a list of words replaces the one before. @throws NOT_FOUND, BAD_USER_INPUT */
export function updatePostbackKey(em: EntityManager, id: string, input: PostbackKeyInputValues): Promise<PostbackKey> {
  return changeCatalog(em, async (own) => {
    const key = await lockKey(own, id);
    const problems: Problem[] = [];
    const { name, defaultStatus, statusWords, currencyWords } = input;
    const named = readInput(PostbackKey, { name, defaultStatus }, { creating: false, problems });
    const words = {
      ...(statusWords === undefined
        ? {}
        : { statusWords: readMappedWords(statusWords, { field: "statusWords", sentAs: "status", problems }) }),
      ...(currencyWords === undefined ? {} : { currencyWords: readCurrencyWords(currencyWords, problems) }),
    };
    refuseProblems(problems);
    return own.assign(key, { ...named, ...words });
  });
}

/** Ends a key: its postbacks are answered 401 from now on. Log entries keep its name. @throws NOT_FOUND */
export async function deletePostbackKey(em: EntityManager, id: string): Promise<PostbackKey> {
  return changeCatalog(em, async (own) => own.assign(await lockKey(own, id), { deleted: true }));
}

async function lockKey(own: EntityManager, id: string): Promise<PostbackKey> {
  const serial = readSerialId(id);
  const key = serial === null ? null : await own.findOne(PostbackKey, serial, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!key || key.deleted) throw notFound("postback key", id);
  return key;
}
