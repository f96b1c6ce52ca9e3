import { connect } from "node:net";
import { PATIENCE_MS } from "./until.js";

export interface RawAnswer {
  /** 0: the connection was closed without an answer. */
  status: number;
  headers: Headers;
  body: string;
}

/**
 * Sends bytes as they are, which no HTTP client would, and reads what comes until the connection closes.
 *
 * @param bytes  one request with `Connection: close`, or its packets; characters are bytes (Latin-1).
 * @param halfClose  says that nothing more comes: for requests that are cut.
 */
export function rawRequest(baseUrl: string, bytes: string | string[], { halfClose = false } = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: hostname, noDelay: true }, async () => {
      for (const packet of [bytes].flat()) await new Promise((sent) => socket.write(packet, "latin1", sent));
      if (halfClose) socket.end();
    });
    let received = "";
    socket.setEncoding("latin1");
    socket.setTimeout(PATIENCE_MS, () =>
      socket.destroy(new Error(`No answer to ${JSON.stringify(bytes.slice(0, 200))}`)),
    );
    socket.on("data", (data) => {
      received += data;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
    });
    socket.on("close", () => resolve(readAnswer(received)));
  });
}

/** The first answer of what was received. */
function readAnswer(received: string): RawAnswer {
  const answer = received.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, "");
  const [head = "", ...body] = answer.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = new Headers();
  for (const line of lines) headers.append(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim());
  return { status: Number(statusLine.split(" ")[1] ?? 0), headers, body: body.join("\r\n\r\n") };
}
