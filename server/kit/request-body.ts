import { type IncomingMessage } from "node:http";

/** A body with more bytes than are read. */
export class BodyTooLarge extends Error {}

/**
 * Lets a request's body be read later, or never, whatever its method and its content type: Fastify reads none of a GET, and refuses by
 * the type before it looks whether there is one. To be called before anything is waited for: a body may break off meanwhile.
 *
 * @returns what reads it. It throws BodyTooLarge, or the error of a body that breaks off; then the connection has to be closed after
 * the answer.
 */
export function openRequestBody(request: IncomingMessage): (bytesMax: number) => Promise<Buffer> {
  let broken: Error | null = null;
  request.on("error", (error) => {
    broken = error;
  });
  return (bytesMax) => (broken ? Promise.reject(broken) : read(request, bytesMax));
}

function read(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (length === undefined && encoding === undefined) return Promise.resolve(Buffer.alloc(0));
  if (Number(length) > bytesMax) return Promise.reject(new BodyTooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) reject(new BodyTooLarge());
      else chunks.push(chunk);
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
  });
}
