import pino from "pino";
import { describe, expect, it } from "vitest";
import { GraphQLError } from "#graphql";
import { DatabaseBusy } from "../../server/kit/database-errors.js";
import { formatApiError } from "../../server/kit/format-error.js";

const raised = (fields: object, inner = new Error("select secret from users")) => Object.assign(inner, fields);
/** As MikroORM and Kysely hand on what a driver has raised. */
const within = (error: Error) => [
  error,
  new Error("A statement failed.", { cause: error }),
  raised({ previous: error }),
];

describe("The code of a GraphQL error", () => {
  const seen = (error: Error) =>
    formatApiError(
      { log: pino({ level: "silent" }), away: { met: () => {}, over: () => {} } },
      { message: error.message, extensions: { code: "INTERNAL_SERVER_ERROR" } },
      new GraphQLError(error.message, { originalError: error }),
    );

  it.each<[string, object]>([
    ["SQLite: locked by another process for too long", { errcode: 5 }],
    ["SQLite: a table that is locked", { errcode: 6 }],
    ["SQLite: a disk that can only be read", { errcode: 8 }],
    ["SQLite: a disk that fails, and how", { errcode: 10 | (3 << 8) }],
    ["SQLite: a full disk", { errcode: 13 }],
    ["SQLite: a file that cannot be opened", { errcode: 14 }],
    ["MySQL: nobody there", { code: "ECONNREFUSED" }],
    ["MySQL: a connection that broke", { fatal: true, code: "PROTOCOL_CONNECTION_LOST" }],
    ["MySQL: too many connections", { errno: 1040 }],
    ["MySQL: a node of Galera without quorum", { errno: 1047 }],
    ["MySQL: read-only after a failover", { errno: 1290 }],
  ])("6.17 is SERVICE_UNAVAILABLE for a database that cannot work: %s", (_, fields) => {
    for (const error of within(raised(fields))) {
      expect(seen(error)).toEqual({
        message: "The database cannot be reached: try again in a few seconds.",
        path: undefined,
        extensions: { code: "SERVICE_UNAVAILABLE" },
      });
    }
  });

  it("6.17 is SERVICE_UNAVAILABLE for a database that does not answer", () => {
    expect(seen(new DatabaseBusy("It has not answered.")).extensions).toEqual({ code: "SERVICE_UNAVAILABLE" });
  });

  it.each<[string, object]>([
    ["SQLite: a constraint", { errcode: 19 }],
    ["MySQL: a column that is not there", { errno: 1054 }],
    ["none of a database", {}],
  ])("6.17 stays INTERNAL_SERVER_ERROR for a mistake of ours: %s", (_, fields) => {
    for (const error of within(raised(fields))) {
      expect(seen(error).extensions).toEqual({ code: "INTERNAL_SERVER_ERROR" });
      expect(JSON.stringify(seen(error))).not.toContain("secret");
    }
  });
});
