import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { excerpt } from "./errors.js";

/** What a database URL says, taken apart. */
export interface MySqlAddress {
  /** In order: the first that can be written is used. */
  hosts: MySqlHost[];
  user: string;
  password: string;
  dbName: string;
  /** Null: not encrypted. `caFile` holds the certificates that the server's must come from; left out: those that Node trusts. */
  tls: { caFile?: string } | null;
}

export interface MySqlHost {
  host: string;
  port: number;
}

/** What stands wrong in a database URL, in words for the operator; none for one that is no such URL at all. */
export class WrongAddress extends Error {}

const FORM = /^(?:mysql|mariadb):\/\/(?:([^/?#]*)@)?([^@/?#]+)\/([^/?#]+)(?:\?([^#]*))?$/i;
const PORT = 3306;
const SETTINGS = ["ssl", "ssl-ca"];

/**
 * Takes `mysql://user:password@host:port,host:port/database?ssl=true&ssl-ca=FILE` apart. The user and the name are percent-encoded,
 * an IPv6 address stands in brackets, and the file is read once to see whether it can be.
 *
 * @returns null for what has another form.
 * @throws WrongAddress for a setting that does not exist, or cannot be as it is.
 */
export function readMySqlAddress(url: string): MySqlAddress | null {
  const [, login = "", list = "", name = "", query] = FORM.exec(url) ?? [];
  const hosts = list.split(",").map(readHost);
  const [user, password] = [login.split(":", 1)[0] as string, login.replace(/^[^:]*:?/, "")].map(decode);
  const dbName = decode(name);
  if (!dbName || user == null || password == null || !hosts.every((host) => host !== null)) return null;
  return { hosts, user, password, dbName, tls: readTls(new URLSearchParams(query)) };
}

function readHost(text: string): MySqlHost | null {
  if (!text || !URL.canParse(`mysql://${text}/`)) return null;
  const { hostname, port } = new URL(`mysql://${text}/`);
  return hostname ? { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || PORT) } : null;
}

function readTls(settings: URLSearchParams): MySqlAddress["tls"] {
  const names = [...settings.keys()];
  const unknown = names.find((name) => !SETTINGS.includes(name));
  if (unknown !== undefined) {
    throw new WrongAddress(`there is no setting ${JSON.stringify(excerpt(unknown))}, only ${SETTINGS.join(" and ")}`);
  }
  if (names.length !== new Set(names).size) throw new WrongAddress("a setting stands in it twice");
  const caFile = settings.get("ssl-ca");
  const ssl = settings.get("ssl") ?? (caFile === null ? "false" : "true");
  if (ssl !== "true" && ssl !== "false") throw new WrongAddress("ssl must be true or false");
  if (caFile === null) return ssl === "true" ? {} : null;
  if (ssl === "false") throw new WrongAddress("ssl-ca is only of use with ssl=true");
  return { caFile: readable(resolve(caFile)) };
}

function readable(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new WrongAddress(
      `ssl-ca names ${JSON.stringify(file)}, which cannot be read (${(error as { code?: string }).code})`,
    );
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new WrongAddress(`ssl-ca names ${JSON.stringify(file)}, which holds no certificate in PEM`);
  }
  return file;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
