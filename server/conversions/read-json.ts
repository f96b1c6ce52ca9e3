import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { UnreadableBody } from "./unreadable-body.js";

/** How deep a JSON body may nest; deeper is nobody's postback. */
const DEPTH_MAX = 16;

/** How a form begins, and no JSON. */
const FORM = /^\s*[\w.-]+=/;
const FORM_TYPE = "application/x-www-form-urlencoded";

/**
 * Reads the parameters in a JSON object, in order; a name may come again. Numbers stay as they are written.
 *
 * @throws UnreadableBody
 */
export function readJson(text: string): [name: string, value: unknown][] {
  const root = parseJson(text);
  if (root?.type !== "object") throw new UnreadableBody("its JSON must be one object with the parameters.");
  return (root.children ?? []).map(({ children: [key, value] = [] }) => [
    key?.value as string,
    value && jsonValue(value, text, 1),
  ]);
}

/** The value that a text in JSON is, as in a body; undefined: it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    const root = parseJson(text);
    return root && jsonValue(root, text, 0);
  } catch (error) {
    if (error instanceof UnreadableBody) return undefined;
    throw error;
  }
}

function parseJson(text: string): Node | undefined {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) throw new UnreadableBody("its JSON nests too deep.");
    throw error;
  }
  const [error] = errors;
  if (!error) return root;
  if (FORM.test(text)) throw new UnreadableBody(`it is a form, but named JSON: send it as ${FORM_TYPE}.`);
  const what = printParseErrorCode(error.error);
  throw new UnreadableBody(`its JSON is broken at character ${error.offset + 1} (${what}).`);
}

/** A JSON value with its numbers as text. */
function jsonValue(node: Node, text: string, depth: number): unknown {
  if (depth > DEPTH_MAX) throw new UnreadableBody(`its JSON nests deeper than ${DEPTH_MAX} levels.`);
  if (node.type === "number") return text.slice(node.offset, node.offset + node.length);
  if (node.type === "array") return (node.children ?? []).map((child) => jsonValue(child, text, depth + 1));
  if (node.type !== "object") return node.value;
  return Object.fromEntries(
    (node.children ?? []).map(({ children: [key, value] = [] }) => [
      key?.value as string,
      value && jsonValue(value, text, depth + 1),
    ]),
  );
}
