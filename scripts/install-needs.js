/**
 * Sees to it that what the tests need is on the machine: a MariaDB server and browsers of three kinds.
 *
 * On Debian as root what is missing is installed by apt-get; elsewhere it is named, and the tests do not start.
 */
import "./check-node.js";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A program that must be there, and the Debian package that brings it. */
const needs = [
  { program: "mariadbd", package: "mariadb-server" },
  { program: "mariadb-install-db", package: "mariadb-server" },
  { program: "chromium-headless-shell", package: "chromium-headless-shell" },
  { program: "firefox-esr", package: "firefox-esr" },
  { program: "WebKitWebDriver", package: "webkit2gtk-driver" },
  { program: "Xvfb", package: "xvfb" },
];

/** @param {string} program */
const isThere = (program) =>
  [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/bin"].some((folder) =>
    existsSync(`${folder}/${program}`),
  );
const missing = () => needs.filter(({ program }) => !isThere(program));

if (missing().length > 0) {
  const packages = [...new Set(missing().map((need) => need.package))];
  const mayInstall = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
  if (mayInstall) {
    console.error(`Installing ${packages.join(", ")}.`);
    /** @param {string[]} words */
    const apt = (...words) =>
      spawnSync("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=300", ...words], {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    apt("update");
    apt("install", "-y", "--no-install-recommends", ...packages);
  }
  for (const { program, package: name } of missing()) {
    console.error(
      `The tests need ${program}, which is missing: install the package ${name} (Debian: apt-get install ${name}).`,
    );
  }
  if (missing().length > 0) process.exit(1);
}
