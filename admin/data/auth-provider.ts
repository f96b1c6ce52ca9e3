import { type AuthProvider, type HttpError } from "react-admin";
import { ask } from "./client";
import { setSignedIn, signedInUser, type User } from "./session";

/** Begins a session. @throws HttpError that says what is wrong. */
export async function signIn(email: string, password: string): Promise<void> {
  const { login } = await ask<{ login: { user: User } }>(
    "mutation login($email: String!, $password: String!) { login(email: $email, password: $password) { user { id email } } }",
    { email, password },
  );
  setSignedIn(login.user);
}

/** Asks whose session the browser has. @throws HttpError 401 when nobody's, or another user's than this page knows. */
async function askWho(): Promise<User> {
  const { me } = await ask<{ me: User }>("query me { me { id email } }");
  setSignedIn(me);
  return me;
}

/** Looks whether the user has signed in again elsewhere; then all that waits goes on. */
export function lookWhetherSignedIn(): void {
  askWho().catch(() => {});
}

let asked: Promise<User> | null = null;

/** Who is signed in, asked once until that changes. */
async function whoIsSignedIn(): Promise<User> {
  const known = signedInUser();
  if (known) return known;
  asked ??= askWho().finally(() => {
    asked = null;
  });
  return asked;
}

/** Sessions by the API's cookie: the admin itself keeps no secret. */
export const authProvider: AuthProvider = {
  login: ({ email, password }: { email: string; password: string }) => signIn(email, password),
  async logout() {
    if (signedInUser()) {
      await ask("mutation logout { logout }").catch((error: HttpError) => {
        // Whose session has ended is signed out; where nobody answers, it goes on.
        if (error.status !== 401) throw error;
      });
    }
    setSignedIn(null);
  },
  checkAuth: () =>
    whoIsSignedIn().then(
      () => {},
      (error: HttpError) => {
        // A server that cannot be reached says so on the page itself: it is no reason to sign out.
        if (error.status === 401) throw Object.assign(new Error("signed out"), { message: false });
      },
    ),
  // Sessions that have ended are begun anew over the page (`links.ts`). An error that signed out here would be taken for an
  // answer without data: react-admin would say that it is saved.
  async checkError() {},
  async getIdentity() {
    const { id, email } = await whoIsSignedIn();
    return { id, fullName: email };
  },
  async getPermissions() {},
};
