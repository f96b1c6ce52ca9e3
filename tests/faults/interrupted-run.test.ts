import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isRunning, launchCommand } from "../kit/processes.js";
import { until } from "../kit/until.js";

const run = (...words: string[]) =>
  launchCommand([process.execPath, "node_modules/vitest/vitest.mjs", "run", ...words], {});

it.concurrent.for(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "A run of the tests that ends by %s leaves no process and no folder behind",
  async (signal, { expect }) => {
    const { pid, kill, ended } = run("--project", "browser", "lists");
    const own = () => descendantsOf(pid);
    const isThere = (program: string) => own().some((each) => read(each, "comm").startsWith(program));
    const folders: string[] = [];
    await until(() => {
      folders.splice(0, 2, ...(own().filter(isWorker).map(foldersOf)[0] ?? []));
      return isThere("mariadbd") && isThere("chrom") && folders.length === 2;
    });
    const processes = [pid, ...own()];
    expect(folders.filter(existsSync)).toHaveLength(2);

    kill(signal);
    await ended();
    await until(() => !processes.some(isRunning));
    await until(() => !folders.some(existsSync));
  },
);

it("Two runs of the tests at once do not disturb each other", async () => {
  const both = [1, 2].map(() => run("--project", "api", "connect"));
  for (const one of both) expect(await one.ended(), one.stdout + one.stderr).toEqual({ code: 0, signal: null });
});

/** The folders of another run than ours that a process belongs to. */
function foldersOf(pid: number): string[] {
  return [...read(pid, "environ").matchAll(/(?:^|\0)WAYPOST_TEST_(?:RUN|DISK)=([^\0]+)/g)].map(
    ([, folder = ""]) => folder,
  );
}

function isWorker(pid: number): boolean {
  return foldersOf(pid).length === 2 && read(pid, "cmdline").includes("vitest");
}

function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const [, parent] = /\) \S (\d+)/.exec(read(Number(name), "stat")) ?? [];
    if (parent) parents.set(Number(name), Number(parent));
  }
  const isBelow = (one: number): boolean => {
    const parent = parents.get(one);
    return parent !== undefined && (parent === pid || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
