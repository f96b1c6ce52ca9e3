/** What everything is measured against: a Fastify that redirects and does nothing else. Prints its port. */
import fastify from "fastify";

const server = fastify();
server.get("/c/:flowKey", (_, reply) => {
  reply.code(302).header("location", "https://example.com/?click=0123456789abcdef0123456789abcdef").send();
});
await server.listen({ host: "127.0.0.1", port: 0 });
process.send?.((server.server.address() as { port: number }).port);
