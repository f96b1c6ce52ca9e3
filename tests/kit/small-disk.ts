import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own with little room, in memory. */
export interface SmallDisk {
  folder: string;
  remove(): void;
}

/** @param size  as `mount` takes it: `2m`. @throws when this machine lets us mount nothing. */
export function mountSmallDisk(size: string): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "waypost-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    rmdirSync(folder);
    const { stderr = String(error) } = error as { stderr?: string };
    throw new Error(`This test mounts a tmpfs, which needs Linux and root (CAP_SYS_ADMIN): ${stderr.trim()}`);
  }
  return {
    folder,
    remove: () => {
      execFileSync("umount", [folder]);
      rmdirSync(folder);
    },
  };
}
