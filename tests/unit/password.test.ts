import { verify } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import { hashPassword, isPassword, makePassword, passwordProblem } from "../../server/accounts/password.js";

describe("A password", () => {
  it.each<[string, string | null]>([
    ["", "has 0 characters"],
    ["a", "has 1 character;"],
    ["1234567", "has 7 characters"],
    ["x".repeat(1025), "has 1025 characters"],
    ...["password", "Password", "PASSWORD123", "  iloveyou  ", "12345678", "qwertyuiop", "P@ssw0rd", "changeme"].map(
      (common): [string, string] => [common, "most common"],
    ),
    ...["aaaaaaaa", "AbabABab", "abcabcABC", "        "].map((common): [string, string] => [common, "most common"]),
    ["correct horse battery", null],
    ["a new and longer passphrase", null],
    ["bench-password", null],
    ["пароль для всех", null],
    [`${"😀".repeat(2)}abcd`, null],
    [`${"x".repeat(1020)}abcd`, null],
  ])("4.11 may be %j: %s", async (password, problem) => {
    const told = await passwordProblem(password);
    if (problem === null) expect(told).toBeNull();
    else expect(told).toContain(problem);
    if (password.trim()) expect(told ?? "").not.toContain(`"${password}"`);
  });

  it("4.11 that is made up is one of these, and never the same", async () => {
    const made = new Set(Array.from({ length: 100 }, makePassword));
    expect(made.size).toBe(100);
    for (const password of made) expect(await passwordProblem(password)).toBeNull();
  });

  it("4.10 of nobody is checked like one of somebody, so that no time tells them apart", async () => {
    const hash = await hashPassword("somebody's own");
    const checked: string[] = [];
    const check = (of: string, password: string) => {
      checked.push(of.slice(0, of.indexOf("p=1")));
      return verify(of, password);
    };
    const answers = [await isPassword(null, "somebody's own", check), await isPassword(hash, "a guess", check)];
    expect(answers).toEqual([false, false]);
    // The same work: algorithm, memory and passes.
    expect(checked).toEqual(["$argon2id$v=19$m=19456,t=2,", "$argon2id$v=19$m=19456,t=2,"]);
    expect(await isPassword(null, "nobody has this password")).toBe(false);
    expect(await isPassword(hash, "somebody's own")).toBe(true);
  });
});
