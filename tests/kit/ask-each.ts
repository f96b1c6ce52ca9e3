import { type Waypost } from "./waypost.js";

/** How many fields a document asks for; the API allows twice as many. */
const FIELDS_MAX = 50;
/** How many rows the API lets a document ask for, and what it counts for a list at least. */
const ROWS_MAX = 5000;
const ROWS_MIN = 50;

/**
 * Asks one field for each of many variables, many to a document.
 *
 * @param types  what the variables are, such as `$id: ID!, $uid: String`.
 * @param field  the field, with these variables.
 * @returns what the field is for each, in order.
 */
export async function askEach(
  ask: Waypost["ask"],
  { types, field, kind = "query" }: { types: string; field: string; kind?: "query" | "mutation" },
  all: Record<string, unknown>[],
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any query.
): Promise<any[]> {
  const answers: unknown[] = [];
  for (const some of documentsOf(all)) {
    const numbered = (text: string, place: number) => text.replace(/\$(\w+)/g, `$$$1_${place}`);
    const [heads, fields] = [types, field].map((text) => some.map((_, place) => numbered(text, place)));
    const query = `${kind}(${heads?.join(", ")}) { ${fields?.map((text, place) => `a${place}: ${text}`).join(" ")} }`;
    const variables = some.flatMap((one, place) =>
      Object.entries(one).map(([name, value]) => [`${name}_${place}`, value]),
    );
    const data = await ask(query, Object.fromEntries(variables));
    answers.push(...some.map((_, place) => data[`a${place}`]));
  }
  return answers;
}

/** Divides what is asked among documents; `perPage` says how many rows a field may be. */
function documentsOf(all: Record<string, unknown>[]): Record<string, unknown>[][] {
  const documents: Record<string, unknown>[][] = [];
  let rows = 0;
  for (const one of all) {
    const own = Math.max(Number(one.perPage ?? 0), ROWS_MIN);
    const last = documents.at(-1);
    if (last && last.length < FIELDS_MAX && rows + own <= ROWS_MAX) {
      last.push(one);
      rows += own;
    } else {
      documents.push([one]);
      rows = own;
    }
  }
  return documents;
}
