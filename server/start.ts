import { type Logger } from "pino";
import { type Config, ConfigError, readConfig } from "./config.js";
import { beforeEnd, EXIT_CONFIG, type RunningServer, StartError } from "./kit/process.js";

/** Reads the settings of this process. @throws StartError with the one line that says which is wrong. */
export function readSettings(): Config {
  try {
    return readConfig();
  } catch (error) {
    throw error instanceof ConfigError ? new StartError(error.message, EXIT_CONFIG) : error;
  }
}

/**
 * Sets a server going in a process of its own: listens, tells a supervisor that it is ready, and closes it before the
 * process ends.
 *
 * @param port  the variable and value to name when the port is taken.
 */
export async function serve(
  server: RunningServer,
  port: { variable: string; value: number },
  log: Logger,
): Promise<void> {
  beforeEnd(async () => {
    log.info("Stopping: answering what came in.");
    await server.close();
    log.info("Stopped.");
  });
  try {
    await server.listen();
  } catch (error) {
    await server.close();
    const { code, message } = error as { code?: string; message: string };
    const reason = code === "EADDRINUSE" ? "another process listens there already" : message;
    throw new StartError(
      `${port.variable} is ${port.value}: ${reason}. Stop that process, or set ${port.variable}.`,
      EXIT_CONFIG,
    );
  }
  log.info({ port: port.value }, "Ready.");
  if (process.connected) process.send?.("ready");
}
