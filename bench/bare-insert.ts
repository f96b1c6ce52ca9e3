/** What postbacks are measured against: a Fastify that stores one row in one transaction for each request. Prints its port. */
import { DatabaseSync } from "node:sqlite";
import fastify from "fastify";
import { createPool } from "mysql2/promise";

const TABLE =
  "create table if not exists bare (id varchar(64) not null primary key, click varchar(32), body varchar(255))";
const INSERT = "insert into bare (id, click, body) values (?, ?, ?)";

const insert = await openStore(process.env.DATABASE_URL ?? "");
const server = fastify();
server.get("/postback", async (request) => {
  const { uid, click } = request.query as { uid: string; click: string };
  await insert([uid, click, request.url]);
  return { status: 200 };
});
await server.listen({ host: "127.0.0.1", port: 0 });
process.send?.((server.server.address() as { port: number }).port);

/** Opens the same database that Waypost uses, as durable as Waypost opens it. */
async function openStore(url: string): Promise<(row: string[]) => Promise<unknown>> {
  if (!url.startsWith("sqlite:")) {
    const pool = createPool({ uri: url, connectionLimit: 16 });
    await pool.query(TABLE);
    return (row) => pool.execute(INSERT, row);
  }
  const database = new DatabaseSync(url.slice("sqlite:".length), { timeout: 5000 });
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; ${TABLE}`);
  const statement = database.prepare(INSERT);
  return async (row) => statement.run(...row);
}
