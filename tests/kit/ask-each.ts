import { type Waypost } from "./waypost.js";

/** How many fields a document asks for; the API allows twice as many. */
const AT_ONCE = 50;

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
  for (let first = 0; first < all.length; first += AT_ONCE) {
    const some = all.slice(first, first + AT_ONCE);
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
