import { ApolloClient, ApolloError, gql, HttpLink } from "@apollo/client/core";
import { HttpError } from "react-admin";
import { NoCache } from "./no-cache";

/**
 * Errors of GraphQL come with HTTP 401 too: to Apollo they are answers like any other, with their code and field.
 */
async function fetchAnswer(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  const isAnswer = response.headers.get("content-type")?.includes("json") ?? false;
  return isAnswer ? new Response(response.body, { headers: response.headers }) : response;
}

/** The way to the API, on the page's own server; the session is its cookie. */
export const client = new ApolloClient({
  link: new HttpLink({ uri: "graphql", credentials: "same-origin", fetch: fetchAnswer }),
  cache: new NoCache(),
  defaultOptions: { query: { fetchPolicy: "no-cache" }, mutate: { fetchPolicy: "no-cache" } },
});

const statuses: Record<string, number> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404, BAD_USER_INPUT: 422 };

interface Refusal {
  code?: string;
  field?: string;
  problems?: { field: string; message: string }[];
}

/**
 * An error as react-admin takes it: `status` by code, and in `body.errors` what is wrong, by the field it is wrong in, so that
 * a form shows it in its place.
 */
export function toHttpError(error: unknown): HttpError {
  // ra-data-graphql wraps what is thrown, with status 200; of a server that did not answer it makes an error without a status.
  const wrapped = [error, (error as HttpError | undefined)?.body];
  const own = wrapped.find((each) => each instanceof HttpError && each.status && each.status !== 200);
  if (own) return own;
  const first = wrapped.find((each) => each instanceof ApolloError)?.graphQLErrors[0];
  if (!first) return new HttpError("waypost.error.unreachable", 503);
  const { code = "", field, problems } = (first.extensions ?? {}) as Refusal;
  const wrong = problems ?? (field ? [{ field, message: first.message }] : []);
  const errors = Object.fromEntries(wrong.map((problem) => [problem.field, problem.message]));
  return new HttpError(first.message, statuses[code] ?? 500, { code, ...(wrong.length > 0 && { errors }) });
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
