import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { inject } from "vitest";
import { ownPort } from "../../scripts/ports.js";

/** A way of one's own to the tests' MariaDB, which can be taken away from whoever uses it and from nobody else. */
export interface DatabaseDoor {
  /** As `mysqlUrl`, by this way. */
  url: string;
  open(): Promise<void>;
  /** Ends all connections and takes no more. */
  shut(): Promise<void>;
}

/** Opens one. @param host  the address of this machine that it is at. */
export async function openDatabaseDoor(host = "127.0.0.1"): Promise<DatabaseDoor> {
  const url = new URL(inject("mysqlUrl"));
  const server = Number(url.port);
  const port = await ownPort();
  const sockets = new Set<Socket>();
  const door = createServer((socket) => {
    const behind = connect(server, "127.0.0.1");
    socket.pipe(behind).pipe(socket);
    for (const end of [socket, behind]) {
      sockets.add(end);
      end.on("error", () => {}).on("close", () => sockets.delete(end));
    }
  });
  const open = async () => {
    door.listen(port, host);
    await once(door, "listening");
  };
  await open();
  return {
    url: `mysql://${url.username}@${host.includes(":") ? `[${host}]` : host}:${port}`,
    open,
    shut: async () => {
      door.close();
      for (const socket of sockets) socket.destroy();
      await once(door, "close");
    },
  };
}
