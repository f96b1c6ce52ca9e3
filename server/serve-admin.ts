import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import helmet from "@fastify/helmet";
import files from "@fastify/static";
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

/** Content-Security-Policy of whatever is no page: nothing is loaded, run or framed. */
const POLICY = {
  "default-src": ["'none'"],
  "object-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/**
 * Serves the built admin: its page at `/`, and its assets, whose names change with their content.
 *
 * The policy of the page allows what comes from this server, the inline script that the page was built with, and styles
 * with a nonce that is new for each answer. Nothing in it asks for https: on a local network there is often none.
 *
 * @param folder  where Vite has put it. When nothing is there, `/` says so and everything else works.
 */
export async function serveAdmin(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    // By plain http browsers ignore it, and say so as an error: the page has it by https.
    crossOriginOpenerPolicy: false,
  });
  const pageFile = join(folder, "index.html");
  if (!existsSync(pageFile)) {
    server.get("/", (_, reply) =>
      reply.code(503).send("The admin is not built: run `npm run build`, then start again.\n"),
    );
    return;
  }
  const page = readFileSync(pageFile, "utf8");
  const scripts = inlineScripts(page).map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );

  async function sendPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const nonce = randomBytes(16).toString("base64");
    const directives = {
      ...POLICY,
      "script-src": ["'self'", ...scripts],
      "style-src": ["'self'", `'nonce-${nonce}'`],
      "connect-src": ["'self'"],
      "font-src": ["'self'"],
      "img-src": ["'self'", "data:"],
      "form-action": ["'self'"],
    };
    await reply.helmet({
      contentSecurityPolicy: { useDefaults: false, directives },
      ...(request.protocol === "https" ? { crossOriginOpenerPolicy: { policy: "same-origin" } } : {}),
    });
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-cache")
      .send(page.replaceAll(/nonce="[^"]*"/g, `nonce="${nonce}"`));
  }
  server.route({ method: ["GET", "HEAD"], url: "/", handler: sendPage });
  // One route for each file there is: every other address stays unknown. Its compressed forms have none: they are sent in its
  // place to whoever takes them.
  await server.register(files, {
    root: join(folder, "assets"),
    prefix: "/assets/",
    wildcard: false,
    globIgnore: ["**/*.{br,gz}"],
    preCompressed: true,
    maxAge: "1y",
    immutable: true,
  });
}

function inlineScripts(page: string): string[] {
  return [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs)].map(([, script = ""]) => script);
}
