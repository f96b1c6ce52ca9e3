import { type Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * A connection that goes on with other bytes than those that came: an HTTP server takes it as it takes any
 * (`server.emit("connection", …)`), and whoever asks for its address is told that of the socket below.
 */
export class MendedConnection extends Duplex {
  readonly #socket: Socket;
  #isReleased = false;

  /** @param first  what is read before all that comes from the socket. */
  constructor(socket: Socket, first: Buffer) {
    super();
    this.#socket = socket;
    this.push(first);
    if (socket.readableEnded) this.push(null);
    socket.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onClose);
  }

  /** Whose bytes it reads: what is counted of a connection is counted there (`connections.ts`). */
  get socketBelow(): Socket {
    return this.#socket;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  /** Reads nothing more; what is to be written still goes out. @returns the socket, for somebody else to read from. */
  stopReading(): Socket {
    this.#socket.off("data", this.#onData);
    return this.#socket;
  }

  /** Ends without the socket, which goes on. */
  release(): void {
    this.#isReleased = true;
    this.#socket.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
    this.destroy();
  }

  /** What an HTTP server calls on a connection that was idle for too long: the socket below is watched. */
  setTimeout(ms: number): this {
    this.#socket.setTimeout(ms);
    return this;
  }

  /** Closes after everything is written, as a socket does. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isReleased) this.#socket.destroy();
    done(error);
  }

  readonly #onData = (chunk: Buffer) => {
    if (!this.push(chunk)) this.#socket.pause();
  };
  readonly #onEnd = () => void this.push(null);
  readonly #onClose = () => void this.destroy();
}
