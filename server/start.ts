import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger } from "pino";
import { checkClock } from "./clock.js";
import { type Config, ConfigError, readConfig, takeSecrets } from "./config.js";
import { tryPort } from "./kit/listen.js";
import { beforeEnd, EXIT_CONFIG, type RunningServer, StartError } from "./kit/process.js";

/** Checks the clock and reads the settings of this process. @throws StartError with the one line that says what is wrong. */
export function readSettings(): Config {
  checkClock();
  try {
    return readConfig();
  } catch (error) {
    throw error instanceof ConfigError ? new StartError(error.message, EXIT_CONFIG) : error;
  }
}

/** The same in a process that another of ours may have started. */
export async function receiveSettings(): Promise<Config> {
  await takeSecrets(async () => (await once(process, "message"))[0]);
  return readSettings();
}

/** Where to listen, and the variable that an operator sets the port by. */
export interface ListenSetting {
  host: string | undefined;
  variable: string;
  port: number;
}

/** A process that was killed keeps its port until the system has taken it apart: so long a port is waited for, in milliseconds. */
const PORT_MS = 3000;
const RETRY_MS = 100;

/** Finds out whether a port can be listened on, before anything is made. @throws StartError with the one line why not. */
export function checkPort(setting: ListenSetting, log: Logger): Promise<void> {
  return listenAt(setting, log, () => tryPort(setting));
}

/** Listens, once more while another process still does. @throws StartError with the one line why not. */
async function listenAt(setting: ListenSetting, log: Logger, listen: () => Promise<unknown>): Promise<void> {
  const { variable, port } = setting;
  let isToldOf = false;
  for (const end = Date.now() + PORT_MS; ; await sleep(RETRY_MS)) {
    try {
      await listen();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "EADDRINUSE" || Date.now() > end) throw cannotListen(error, setting);
      if (!isToldOf) log.warn({ variable, port }, "Another process listens there; trying again for a moment.");
      isToldOf = true;
    }
  }
}

/**
 * Sets a server going in a process of its own: listens, tells a supervisor that it is ready, and closes it before the
 * process ends.
 */
export async function serve(server: RunningServer, setting: ListenSetting, log: Logger): Promise<void> {
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= server.close();
    return closing;
  };
  beforeEnd(async () => {
    log.info("Stopping: answering what came in.");
    await close();
    log.info("Stopped.");
  });
  try {
    await listenAt(setting, log, () => server.listen());
  } catch (error) {
    await close();
    throw error;
  }
  log.info({ port: setting.port }, "Ready.");
  if (process.connected) process.send?.("ready");
}

function cannotListen(error: unknown, { host, variable, port }: ListenSetting): StartError {
  const { code, message } = error as { code?: string; message: string };
  const reasons: Record<string, string> = {
    EADDRINUSE: "another process listens there already. Stop that process, or set",
    EACCES: "this user may not listen there. Set another",
  };
  const line =
    code && reasons[code]
      ? `${variable} is ${port}: ${reasons[code]} ${variable}.`
      : `HOST is ${JSON.stringify(host ?? "")}: it must be an address of this machine (${message}).`;
  return new StartError(line, EXIT_CONFIG);
}
