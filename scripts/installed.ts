import { existsSync } from "node:fs";

/** Where a program is that `scripts/install-needs.js` has seen to. */
export function programOf(name: string): string {
  const path = (process.env.PATH ?? "").split(":").map((folder) => `${folder}/${name}`);
  return path.find(existsSync) ?? name;
}
