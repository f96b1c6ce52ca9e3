import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { inject } from "vitest";
import { ownPort } from "../../scripts/ports.js";

/** What a server says instead of doing a statement. */
export interface Refused {
  errno: number;
  sqlState?: string;
  message?: string;
}

/** Whether a statement is refused, never answered, done as it is, or another in its place. */
export type Rule = (sql: string) => Refused | "silence" | { instead: string } | null;

/** A way to a MariaDB that understands what is said on it, and can answer instead of the server. */
export interface DatabaseProxy {
  /** As `mysqlUrl`, by this way. */
  url: string;
  port: number;
  /** Every statement that came, refused ones too. */
  statements: string[];
  /** From now on; null: all is done. */
  setRule(rule: Rule | null): void;
  /** Connections that are open now, and that there ever were. */
  open(): number;
  total(): number;
  close(): Promise<void>;
}

/** Opens one. @param base  the server behind it; left out: the tests' own */
export async function openDatabaseProxy(base = inject("mysqlUrl")): Promise<DatabaseProxy> {
  const url = new URL(base);
  const port = await ownPort();
  const sockets = new Set<Socket>();
  const statements: string[] = [];
  let rule: Rule | null = null;
  let total = 0;

  const server = createServer((client) => {
    total += 1;
    const behind = connect(Number(url.port), "127.0.0.1");
    behind.pipe(client);
    client.on("end", () => behind.end());
    for (const end of [client, behind]) {
      sockets.add(end);
      end.on("error", () => {});
      end.on("close", () => {
        sockets.delete(end);
        client.destroy();
        behind.destroy();
      });
    }
    let rest = Buffer.alloc(0);
    client.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
        const packet = rest.subarray(0, 4 + rest.readUIntLE(0, 3));
        rest = rest.subarray(packet.length);
        const answer = judge(packet);
        if (answer === null) behind.write(packet);
        else if (answer !== "silence") {
          if ("instead" in answer) behind.write(queryPacket(answer.instead));
          else client.write(errorPacket(answer));
        }
      }
    });
  });

  /** A statement is a packet that begins an exchange (sequence 0) with the command COM_QUERY. */
  function judge(packet: Buffer): ReturnType<Rule> {
    if (packet[3] !== 0 || packet[4] !== 3) return null;
    const sql = packet.subarray(5).toString();
    statements.push(sql);
    return rule?.(sql) ?? null;
  }

  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `mysql://${url.username}@127.0.0.1:${port}`,
    port,
    statements,
    setRule: (next) => {
      rule = next;
    },
    open: () => sockets.size / 2,
    total: () => total,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

function queryPacket(sql: string): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 3]);
  const text = Buffer.from(sql);
  head.writeUIntLE(1 + text.length, 0, 3);
  return Buffer.concat([head, text]);
}

function errorPacket({ errno, sqlState = "HY000", message = "Refused by a test." }: Refused): Buffer {
  const head = Buffer.alloc(4 + 3);
  const text = Buffer.from(`#${sqlState}${message}`);
  head.writeUIntLE(3 + text.length, 0, 3);
  head[3] = 1;
  head[4] = 0xff;
  head.writeUInt16LE(errno, 5);
  return Buffer.concat([head, text]);
}

/** Refuses the first statements that a pattern finds. */
export function firstOnes(count: number, pattern: RegExp, refused: Refused | "silence"): Rule {
  let left = count;
  return (sql) => {
    if (left === 0 || !pattern.test(sql)) return null;
    left -= 1;
    return refused;
  };
}
