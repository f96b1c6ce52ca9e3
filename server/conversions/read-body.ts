import { type Parameters } from "../kit/parameters.js";
import { bodyText, readFormText } from "./body-text.js";
import { jsonOf, readJson } from "./read-json.js";
import { UnreadableBody } from "./unreadable-body.js";

/** Parameters as sent: each name with every value it was given, in order. */
export type SentParameters = Map<string, unknown[]>;

/** What a postback sent, in its two places. The body wins. */
export interface Sent {
  query: SentParameters;
  body: SentParameters;
  /** Why the body cannot be read, as a sentence that goes on from it; left out: it can be. */
  unreadable?: string;
}

/** A request's body, as it came. */
export interface Body {
  contentType: string | undefined;
  /** `Content-Encoding`. */
  encoding: string | undefined;
  bytes: Buffer;
}

/** What a body says, or why it says nothing. */
type ReadBody = Pick<Sent, "body" | "unreadable">;

/** Under this name the log shows what can be shown of a body that cannot be read. No parameter of ours is called so. */
export const BODY_SHOWN = "(body)";

/** A body has so many parameters at most, repeated ones included: each costs time. A query has no more than its head has room for. */
export const PARAMETERS_MAX = 1000;

const READABLE =
  "send a form (application/x-www-form-urlencoded or multipart/form-data) or a JSON object (application/json).";
const JSON_TYPE = /^(?:application|text)\/(?:x-)?json$|\+json$/;
/** What makes a body smaller. Whatever else stands in `Content-Encoding`, such as a charset, is a mistake that does no harm. */
const COMPRESSED = /^(?:x-)?(?:gzip|compress|deflate|br|zstd|lz4|snappy|lzma|xz|bzip2|zip|dcb|dcz)$/i;
/** The first bytes of what is compressed, in hexadecimal. */
const MAGIC: Record<string, string> = {
  "1f8b": "gzip",
  "1f9d": "compress",
  "28b52ffd": "zstd",
  "04224d18": "lz4",
  "425a68": "bzip2",
  "504b0304": "zip",
  fd377a585a00: "xz",
  "7801": "zlib",
  "785e": "zlib",
  "789c": "zlib",
  "78da": "zlib",
};
/** The most of them, and whatever it is made of. */
const MAGIC_BYTES = 6;

/** The parameters of a query or a form, as a postback's are kept. */
export function readQuery(query: Parameters): SentParameters {
  return new Map(Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]));
}

/**
 * Reads a postback's body. JSON numbers stay as they are written, text as it is sent, in whatever charset.
 *
 * @returns the parameters; of a body that cannot be read why, and what can be shown of it as one parameter.
 */
export async function readBody(body: Body): Promise<ReadBody> {
  if (body.bytes.length === 0) return { body: new Map() };
  try {
    const sent = await readParameters(body);
    return sent instanceof Map ? { body: sent } : sent;
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    return { body: shown(body), unreadable: error.message };
  }
}

/** @throws UnreadableBody */
async function readParameters({ contentType, encoding, bytes }: Body): Promise<SentParameters | ReadBody> {
  const compression = compressionOf(encoding, bytes);
  if (compression) throw new UnreadableBody(`it is compressed (${compression}): send it plain.`);
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/x-www-form-urlencoded") return readForm(contentType, bytes);
  if (JSON_TYPE.test(type)) return collect(readJson(bodyText(contentType, bytes)));
  if (type === "multipart/form-data") return readMultipart(contentType as string, bytes);
  throw new UnreadableBody(`its content type is ${type ? `"${type.slice(0, 80)}"` : "missing"}: ${READABLE}`);
}

const AND = "&".charCodeAt(0);

/** @throws UnreadableBody */
function checkCount(count: number): void {
  if (count > PARAMETERS_MAX)
    throw new UnreadableBody(`it has more than ${PARAMETERS_MAX} parameters: send those alone that count.`);
}

/** JSON that is called a form has no parameter that is read, but what it has may be looked through. */
function readForm(contentType: string | undefined, bytes: Buffer): ReadBody {
  checkCount(bytes.reduce((count, byte) => (byte === AND ? count + 1 : count), 1));
  const body = readQuery(readFormText(contentType, bytes));
  const text = bodyText(contentType, bytes);
  const isJson = /^\s*[[{]/.test(text) && jsonOf(text) !== undefined;
  return isJson ? { body, unreadable: "it is JSON, but named a form: send it as application/json." } : { body };
}

function compressionOf(encoding: string | undefined, bytes: Buffer): string | null {
  const named = encoding?.split(",").find((one) => COMPRESSED.test(one.trim()));
  if (named) return `Content-Encoding: ${encoding?.slice(0, 40)}`;
  const first = bytes.toString("hex", 0, MAGIC_BYTES);
  const magic = Object.keys(MAGIC).find((start) => first.startsWith(start));
  return magic ? `it begins as ${MAGIC[magic]}, though no Content-Encoding says so` : null;
}

async function readMultipart(contentType: string, bytes: Buffer): Promise<SentParameters> {
  return collect(await readParts(contentType, bytes));
}

async function readParts(contentType: string, bytes: Buffer): Promise<[name: string, value: string][]> {
  try {
    // Its own reader takes everything for UTF-8, and what is none for one and the same character.
    const text = bodyText(contentType, bytes);
    const form = await new Response(text, { headers: { "content-type": contentType } }).formData();
    return [...form].map(([name, value]) => [name, typeof value === "string" ? value : value.name]);
  } catch {
    throw new UnreadableBody(`its parts are broken: ${READABLE}`);
  }
}

function collect(values: [name: string, value: unknown][]): SentParameters {
  checkCount(values.length);
  const sent: SentParameters = new Map();
  for (const [name, value] of values) {
    const others = sent.get(name);
    if (others) others.push(value);
    else sent.set(name, [value]);
  }
  return sent;
}

/** What can be shown of a body: all of it, if it is text. */
function shown({ contentType, encoding, bytes }: Body): SentParameters {
  if (compressionOf(encoding, bytes)) return new Map();
  const text = bodyText(contentType, bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what has these is no text.
  return /[\x00-\x08\x0e-\x1a]/.test(text) ? new Map() : new Map([[BODY_SHOWN, [text]]]);
}
