import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { type Parameters, parseForm } from "../kit/parameters.js";
import { refusal } from "./verdict.js";

/** Parameters as sent: each name with every value it was given, in order. */
export type SentParameters = Map<string, unknown[]>;

/** What a postback sent, in its two places. The body wins. */
export interface Sent {
  query: SentParameters;
  body: SentParameters;
}

/** How deep a JSON body may nest; deeper is nobody's postback. */
const DEPTH_MAX = 16;
const READABLE =
  "send a form (application/x-www-form-urlencoded or multipart/form-data) or a JSON object (application/json).";

/** The parameters of a query or a form, as a postback's are kept. */
export function readQuery(query: Parameters): SentParameters {
  return new Map(Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]));
}

/**
 * Reads a postback's body. JSON numbers stay as they are written, text as it is sent.
 *
 * @throws BODY_UNREADABLE
 */
export async function readBody(contentType: string | undefined, body: Buffer): Promise<SentParameters> {
  if (body.length === 0) return new Map();
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/x-www-form-urlencoded") return readQuery(parseForm(body));
  if (type === "application/json" || type.endsWith("+json")) return readJson(body);
  if (type === "multipart/form-data") return readMultipart(contentType as string, body);
  throw refusal("BODY_UNREADABLE", `its content type is ${type ? `"${type.slice(0, 80)}"` : "missing"}: ${READABLE}`);
}

function readJson(body: Buffer): SentParameters {
  let text: string;
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    root = parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    throw refusal(
      "BODY_UNREADABLE",
      error instanceof RangeError ? "its JSON nests too deep." : "it is not UTF-8 text.",
    );
  }
  const [error] = errors;
  if (error) {
    const what = printParseErrorCode(error.error);
    throw refusal("BODY_UNREADABLE", `its JSON is broken at character ${error.offset + 1} (${what}).`);
  }
  if (root?.type !== "object") throw refusal("BODY_UNREADABLE", "its JSON must be one object with the parameters.");
  const sent: SentParameters = new Map();
  for (const { children: [key, value] = [] } of root.children ?? []) {
    if (key && value) append(sent, key.value as string, jsonValue(value, text, 1));
  }
  return sent;
}

/** A JSON value with its numbers as text. */
function jsonValue(node: Node, text: string, depth: number): unknown {
  if (depth > DEPTH_MAX) throw refusal("BODY_UNREADABLE", `its JSON nests deeper than ${DEPTH_MAX} levels.`);
  if (node.type === "number") return text.slice(node.offset, node.offset + node.length);
  if (node.type === "array") return (node.children ?? []).map((child) => jsonValue(child, text, depth + 1));
  if (node.type !== "object") return node.value;
  const entries = (node.children ?? []).map(({ children: [key, value] = [] }) => [
    key?.value as string,
    value && jsonValue(value, text, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

async function readMultipart(contentType: string, body: Buffer): Promise<SentParameters> {
  const sent: SentParameters = new Map();
  try {
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
    for (const [name, value] of form) append(sent, name, typeof value === "string" ? value : value.name);
  } catch {
    throw refusal("BODY_UNREADABLE", `its parts are broken: ${READABLE}`);
  }
  return sent;
}

function append(sent: SentParameters, name: string, value: unknown): void {
  const values = sent.get(name);
  if (values) values.push(value);
  else sent.set(name, [value]);
}
