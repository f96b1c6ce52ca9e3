import { type AuthProvider } from "react-admin";
import { ask } from "./client";

interface User {
  id: string;
  email: string;
}

let user: Promise<User> | null = null;
/** Whether the session that was in use was refused, until somebody signs in again. */
let hasEnded = false;

export function sessionHasEnded(): boolean {
  return hasEnded;
}

/** Who is signed in, asked once until that changes. */
function signedIn(): Promise<User> {
  user ??= ask<{ me: User }>("query me { me { id email } }").then(({ me }) => me);
  user.catch(() => {
    user = null;
  });
  return user;
}

/** Sessions by the API's cookie: the admin itself keeps no secret. */
export const authProvider: AuthProvider = {
  async login({ email, password }: { email: string; password: string }) {
    user = null;
    await ask(
      "mutation login($email: String!, $password: String!) { login(email: $email, password: $password) { user { id } } }",
      { email, password },
    );
    hasEnded = false;
  },
  async logout() {
    const wasSignedIn = user !== null;
    user = null;
    if (wasSignedIn) await ask("mutation logout { logout }").catch(() => {});
  },
  checkAuth: () =>
    signedIn().then(
      () => {},
      (error: { status?: number }) => {
        // A server that cannot be reached says so on the page itself: it is no reason to sign out.
        if (error.status === 401) throw Object.assign(new Error("signed out"), { message: false });
      },
    ),
  async checkError({ status }: { status?: number }) {
    if (status !== 401) return;
    hasEnded ||= user !== null;
    user = null;
    throw new Error("waypost.auth.ended");
  },
  async getIdentity() {
    const { id, email } = await signedIn();
    return { id, fullName: email };
  },
  async getPermissions() {},
};
