import { type Socket } from "node:net";
import { type PoolConnection, type SqlValue } from "mysql2";
import { DatabaseBusy } from "./database-errors.js";
import { tryAgain } from "./try-again.js";

export interface LentParts {
  statementMs: number;
  failed: (error: unknown) => void;
  /** It is lent no longer. */
  ended: () => void;
}

type Answer = (error: unknown, result: never) => void;

/** What begins or takes back a transaction, or says how the next one is to be: a connection that refuses it is of no use. */
const CONTROL = /^(begin|start transaction|rollback)$|^set /;
const BEGINS = /^(begin|start transaction)$/;
const ENDS = /^(commit|rollback)$/;

/**
 * A connection for as long as it is lent. It goes back only with nothing open on it: one that refuses to begin or to take back, or
 * that does not answer, is destroyed, since Kysely never gives it back, and since what is half done on it would be committed with
 * what comes next.
 */
export class LentConnection {
  readonly #connection: PoolConnection;
  readonly #parts: LentParts;
  readonly #waiting = new Set<(error: unknown) => void>();
  #isOpen = false;
  #isEnded = false;

  constructor(connection: PoolConnection, parts: LentParts) {
    this.#connection = connection;
    this.#parts = parts;
  }

  get config(): object {
    return this.#connection.config;
  }

  get threadId(): number {
    return this.#connection.threadId as number;
  }

  /** Kysely never connects one that is lent. */
  connect(callback?: (error: unknown) => void): void {
    callback?.(undefined);
  }

  query(sql: string, values: unknown, callback?: Answer) {
    if (!callback) return this.#connection.query(sql, values as SqlValue[]) as never;
    // What is done by itself leaves nothing behind when it fails; within a transaction all of that is done again.
    const isAlone = !this.#isOpen && !CONTROL.test(sql);
    const answer = isAlone ? tryAgain(() => this.run(sql, values)) : this.run(sql, values);
    answer.then(
      (result) => callback(undefined, result as never),
      (error) => callback(error, undefined as never),
    );
    return undefined as never;
  }

  /** Runs one statement, once. */
  run(sql: string, values: unknown = []): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = this.#deadline();
    const settle = (error: unknown, result?: unknown) => {
      if (!this.#waiting.delete(settle)) return;
      clearTimeout(timer);
      if (error) {
        this.#failed(sql, error);
        reject(error);
      } else {
        this.#note(sql);
        resolve(result);
      }
    };
    this.#waiting.add(settle);
    this.#connection.query(sql, values as SqlValue[], settle);
    return promise;
  }

  release(): void {
    if (this.#isEnded) return;
    if (this.#isOpen) this.destroy();
    if (this.#isEnded) return;
    this.#end();
    this.#connection.release();
  }

  /** mysql2 says nothing to who waits for an answer on a connection that is destroyed: we do. */
  destroy(reason = "The connection to the database was given up."): void {
    if (!this.#isEnded) {
      this.#end();
      destroy(this.#connection);
    }
    for (const settle of this.#waiting) settle(new DatabaseBusy(reason));
  }

  #end(): void {
    this.#isEnded = true;
    this.#parts.ended();
  }

  #deadline(): NodeJS.Timeout | undefined {
    const { statementMs } = this.#parts;
    if (!Number.isFinite(statementMs)) return undefined;
    const reason = `The database has not answered a statement for ${statementMs / 1000} s.`;
    return setTimeout(() => this.destroy(reason), statementMs);
  }

  #note(sql: string): void {
    if (BEGINS.test(sql)) this.#isOpen = true;
    else if (ENDS.test(sql)) this.#isOpen = false;
  }

  #failed(sql: string, error: unknown): void {
    this.#parts.failed(error);
    if (CONTROL.test(sql)) this.destroy();
  }
}
/** Its socket too: one that is only closed lives on for as long as nobody answers. */
export function destroy(connection: PoolConnection): void {
  connection.destroy();
  socketOf(connection).destroy();
}

export function socketOf(connection: PoolConnection): Socket {
  return (connection as unknown as { stream: Socket }).stream;
}
