import { ApolloClient, ApolloError, from, gql, HttpLink } from "@apollo/client/core";
import { HttpError } from "react-admin";
import { NO_ANSWER, once, ownAnswer, stayingSignedIn } from "./links";
import { NoCache } from "./no-cache";
import { signedInUser } from "./session";

/**
 * Errors of GraphQL come with HTTP 401 too: to Apollo they are answers like any other, with their code and field; so is what
 * came to nothing on its way. The API refuses who is not the user that this page knows.
 */
async function fetchAnswer(address: RequestInfo | URL, request: RequestInit = {}): Promise<Response> {
  const user = signedInUser();
  const headers = { ...request.headers, ...(user && { "x-waypost-user": user.id }) };
  try {
    const response = await fetch(address, { ...request, headers });
    const isAnswer = response.headers.get("content-type")?.includes("json") ?? false;
    if (isAnswer) return new Response(response.body, { headers: response.headers });
    return Response.json(ownAnswer("waypost.error.foreign", NO_ANSWER, { http: response.status }));
  } catch (error) {
    if (request.signal?.aborted) throw error;
    return Response.json(ownAnswer("waypost.error.unreachable", NO_ANSWER));
  }
}

/** The way to the API, on the page's own server; the session is its cookie. */
export const client = new ApolloClient({
  link: from([once, stayingSignedIn, new HttpLink({ uri: "graphql", credentials: "same-origin", fetch: fetchAnswer })]),
  cache: new NoCache(),
  defaultOptions: { query: { fetchPolicy: "no-cache" }, mutate: { fetchPolicy: "no-cache" } },
});

const statuses: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  BAD_USER_INPUT: 422,
  NO_ANSWER: 503,
};

interface Refusal {
  code?: string;
  field?: string;
  problems?: { field: string; message: string }[];
  /** The status of an answer that was not Waypost's. */
  http?: number;
}

/**
 * An error as react-admin takes it: `status` by code, and in `body.errors` what is wrong, by the field it is wrong in, so that
 * a form shows it in its place.
 */
export function toHttpError(error: unknown): HttpError {
  // ra-data-graphql wraps what is thrown, with status 200.
  const known = [error, (error as HttpError | undefined)?.body];
  const own = known.find((each) => each instanceof HttpError && each.status !== 200);
  if (own) return own;
  const first = known.find((each) => each instanceof ApolloError)?.graphQLErrors[0];
  if (!first) return new HttpError("waypost.error.foreign", 503);
  const { code = "", field, problems, http } = (first.extensions ?? {}) as Refusal;
  const wrong = problems ?? (field ? [{ field, message: first.message }] : []);
  const errors = Object.fromEntries(wrong.map((problem) => [problem.field, problem.message]));
  const body = { code: http ? `HTTP ${http}` : code, ...(wrong.length > 0 && { errors }) };
  return new HttpError(first.message, statuses[code] ?? 500, body);
}

/** Asks the API in GraphQL; mutations too. @throws HttpError as `toHttpError` makes it. */
export async function ask<T>(document: string, variables: Record<string, unknown> = {}): Promise<T> {
  try {
    const parsed = gql(document);
    const isMutation = /^\s*mutation\b/.test(document);
    const { data } = isMutation
      ? await client.mutate({ mutation: parsed, variables })
      : await client.query({ query: parsed, variables });
    return data as T;
  } catch (error) {
    throw toHttpError(error);
  }
}
