import { useSyncExternalStore } from "react";

export interface User {
  id: string;
  email: string;
}

/** The way back in, over the page, where a session has ended: one for all requests that wait for it. */
export interface WayIn {
  /** Whose session has ended. */
  was: User;
  /** Is answered by who has signed in; rejected when nobody will. */
  entered: Promise<User>;
  giveUp: () => void;
}

let user: User | null = null;
let wayIn: (WayIn & { enter: (user: User) => void }) | null = null;
const listeners = new Set<() => void>();

/** Who is signed in, as far as this page knows. */
export function signedInUser(): User | null {
  return user;
}

/** Says who has signed in; null: nobody is. Requests that wait go on. */
export function setSignedIn(next: User | null): void {
  user = next;
  const open = wayIn;
  setWayIn(null);
  if (next) open?.enter(next);
  else open?.giveUp();
}

/** Asks to sign in again. Everything else waits meanwhile and stays as it is. */
export function askToSignIn(was: User): WayIn {
  if (wayIn) return wayIn;
  const { promise: entered, resolve: enter, reject } = Promise.withResolvers<User>();
  const giveUp = () => {
    setWayIn(null);
    reject();
  };
  setWayIn({ was, entered, enter, giveUp });
  return wayIn as unknown as WayIn;
}

/** The way back in, where one is asked for. */
export function useWayIn(): WayIn | null {
  return useSyncExternalStore(subscribe, () => wayIn);
}

function setWayIn(next: typeof wayIn): void {
  wayIn = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
