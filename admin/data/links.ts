import { ApolloLink, type FetchResult, fromPromise, Observable, type Operation, toPromise } from "@apollo/client/core";
import { onError } from "@apollo/client/link/error";
import { getMainDefinition } from "@apollo/client/utilities";
import { print } from "graphql";
import { askToSignIn, signedInUser } from "./session";

/** Requests that begin, end or ask for sessions: they never wait for a sign-in. */
const OF_SESSIONS = ["login", "logout", "me"];

/** The code of what came to nothing on its way: no answer of Waypost's. */
export const NO_ANSWER = "NO_ANSWER";

/** An answer that the admin gives itself. @param message  a key of `texts.ts` */
export function ownAnswer(
  message: string,
  code: string,
  extensions: object = {},
): Required<Pick<FetchResult, "errors">> {
  return { errors: [{ message, extensions: { code, ...extensions } } as never] };
}

/**
 * Where a session has ended, its requests wait until somebody has signed in over the page, and are sent again then: nothing that
 * was typed is lost, and nothing is said to be done that is not. What one user began is not done by another. An
 * answer that is none of GraphQL's is somebody else's.
 */
export const stayingSignedIn = onError(({ graphQLErrors = [], networkError, operation, forward }) => {
  if (networkError) return Observable.of<FetchResult>(ownAnswer("waypost.error.foreign", NO_ANSWER));
  const was = signedInUser();
  const hasEnded = graphQLErrors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED");
  if (!hasEnded || !was || OF_SESSIONS.includes(operation.operationName)) return undefined;
  const say = (message: string) => Observable.of<FetchResult>(ownAnswer(message, "UNAUTHENTICATED"));
  return fromPromise(askToSignIn(was).entered.catch(() => null)).flatMap((now) => {
    if (!now) return say(isMutation(operation) ? "waypost.auth.notDone" : "waypost.auth.ended");
    return isMutation(operation) && now.id !== was.id ? say("waypost.auth.other") : forward(operation);
  });
});

const underWay = new Map<string, Promise<FetchResult>>();

/** A change is under way once: who asks for the same meanwhile, by a second click or Enter, gets the same answer. */
export const once = new ApolloLink((operation, forward) => {
  if (!isMutation(operation)) return forward(operation);
  const key = print(operation.query) + JSON.stringify(operation.variables);
  const running = underWay.get(key) ?? toPromise(forward(operation)).finally(() => underWay.delete(key));
  underWay.set(key, running);
  return fromPromise(OF_SESSIONS.includes(operation.operationName) ? running : running.then(tellDoubt));
});

/** Of a change without an answer nobody knows whether it was made. */
const DOUBTS: Record<string, string> = {
  "waypost.error.unreachable": "waypost.error.unreachableUnsure",
  "waypost.error.foreign": "waypost.error.foreignUnsure",
};

function tellDoubt(answer: FetchResult): FetchResult {
  const [error] = answer.errors ?? [];
  const doubt = error && DOUBTS[error.message];
  return doubt ? ownAnswer(doubt, NO_ANSWER, error.extensions) : answer;
}

function isMutation({ query }: Operation): boolean {
  const main = getMainDefinition(query);
  return main.kind === "OperationDefinition" && main.operation === "mutation";
}
