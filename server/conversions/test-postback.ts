import { Arg, Ctx, Extensions, Query, Resolver } from "#type-graphql";
import { KEITARO_ROUTE, POSTBACK_ROUTE } from "../catalog/urls.js";
import { type ApiContext } from "../kit/context.js";
import { badInput } from "../kit/errors.js";
import { decodeEscapes, parseParameters } from "../kit/parameters.js";
import { PostbackDialect } from "./dialect.js";
import { BODY_MAX } from "./postback-codes.js";
import { PostbackLog } from "./postback-log.js";
import { readQuery } from "./read-body.js";
import { rehearsePostback } from "./rehearse-postback.js";
import { refusal } from "./verdict.js";

/** Longest URL that is tried, in characters: longer ones do not reach a tracker either. */
const URL_MAX = 16 * 1024;

/** What one counts as in the cost of a request: it writes, and takes it back. */
const REHEARSAL_ROWS = 100;

@Resolver()
export class TestPostbackResolver {
  @Extensions({ rows: REHEARSAL_ROWS })
  @Query(() => PostbackLog, {
    description: "What a postback would come to, as its entry in the postback log would say it. Nothing is written.",
  })
  testPostback(
    @Ctx() { em, now, nextId, log }: ApiContext,
    @Arg("url", () => String, { description: "The whole URL, or its path and query." }) url: string,
    @Arg("method", () => String, { defaultValue: "GET", description: "The HTTP method." }) method: string,
    @Arg("body", () => String, { nullable: true, description: "The request's body." }) body: string | null,
    @Arg("contentType", () => String, { nullable: true, description: "The body's content type." })
    contentType: string | null,
  ): Promise<PostbackLog> {
    const bytes = Buffer.from(body ?? "");
    return rehearsePostback(
      em,
      {
        ...readUrl(url.trim()),
        method: method.trim().toUpperCase(),
        ip: "",
        takeBody: async () =>
          bytes.length > BODY_MAX
            ? refusal("BODY_TOO_LARGE")
            : { contentType: contentType ?? undefined, encoding: undefined, bytes },
      },
      { arrival: nextId(now()), now, log },
    );
  }
}

const routes: [PostbackDialect, RegExp][] = [
  [PostbackDialect.WAYPOST, new RegExp(`${POSTBACK_ROUTE}([^/]+)/?$`)],
  [PostbackDialect.KEITARO, new RegExp(`/([^/]+)${KEITARO_ROUTE}/?$`)],
];

/** What a postback's URL says; which server it names does not matter. @throws BAD_USER_INPUT */
function readUrl(url: string) {
  if (url.length > URL_MAX) {
    throw badInput("url", `The URL has ${url.length} characters; at most ${URL_MAX} are allowed.`);
  }
  // A `#` begins no fragment: there are macros that have it, and who sends them sends all.
  const [, path = "", query = ""] = /^(?:[a-z]+:\/\/[^/?]*)?([^?]*)\??(.*)$/is.exec(url) ?? [];
  for (const [dialect, route] of routes) {
    const key = route.exec(path)?.[1];
    if (key) return { dialect, secret: decodeEscapes(key), query: readQuery(parseParameters(query)) };
  }
  throw badInput(
    "url",
    `This is no postback URL: its path is "${path.slice(0, 80)}". It ends in ${POSTBACK_ROUTE}KEY or, as Keitaro has it, in /KEY${KEITARO_ROUTE}.`,
  );
}
