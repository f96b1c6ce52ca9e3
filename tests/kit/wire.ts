import { type Server } from "node:http";
import { type Socket } from "node:net";
import { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";

/** The other end of a connection to an HTTP server, without a network: what is sent together is read together. */
export class Wire extends Duplex {
  readonly remoteAddress: string;
  /** All that the server has sent, as Latin-1. */
  received = "";

  constructor(server: Server, remoteAddress = "127.0.0.1") {
    super({ allowHalfOpen: true });
    this.remoteAddress = remoteAddress;
    server.emit("connection", this as unknown as Socket);
  }

  /** Sends packets one by one, each read before the next is sent; characters are bytes (Latin-1). */
  async send(...packets: string[]): Promise<this> {
    for (const packet of packets) {
      this.push(Buffer.from(packet, "latin1"));
      await nextTurn();
    }
    return this;
  }

  /** Says that nothing more is sent, and waits until the server has said so too. @returns all that it sent. */
  async finish(): Promise<string> {
    this.push(null);
    if (!this.destroyed) await new Promise((resolve) => this.once("close", resolve));
    return this.received;
  }

  setTimeout(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.received += chunk.toString("latin1");
    done();
  }
}
