import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The password that a first start has made up: no terminal shows it to a test. */
export function firstPassword({ DATA_DIR = "" }: Record<string, string>): string {
  return readFileSync(join(DATA_DIR, "first-password"), "utf8").trim();
}

/** The text behind a word of the welcome that a first start prints. */
export function printed(stdout: string, label: string): string {
  return new RegExp(`^  ${label} +(.*)$`, "m").exec(stdout)?.[1] ?? "";
}

/** Signs a user in at an API that runs by itself. @returns the session's token */
export async function login({ API_PORT }: Record<string, string>, email: string, password?: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${API_PORT}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }",
      variables: { email, password },
    }),
  });
  return ((await response.json()) as { data: { login: { token: string } } }).data.login.token;
}
