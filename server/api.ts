import { join } from "node:path";
import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { maxAliasesRule } from "@escape.tech/graphql-armor-max-aliases";
import { maxDepthRule } from "@escape.tech/graphql-armor-max-depth";
import cookie from "@fastify/cookie";
import { type FastifyReply, type FastifyRequest } from "fastify";
import { type Logger } from "pino";
import { type GraphQLError, specifiedRules, type ValidationContext, type ValidationRule } from "#graphql";
import { type AccountContext } from "./accounts/account-resolver.js";
import { isLogin, tokenOf } from "./accounts/caller.js";
import { forgetFirstPassword } from "./accounts/first-password.js";
import { type FirstStart } from "./accounts/first-start.js";
import { KNOWN_BROWSER_MS } from "./accounts/known-browser.js";
import { createLoginLimits } from "./accounts/login-limits.js";
import { findCaller, SESSION_MS } from "./accounts/session.js";
import { CatalogRevision, REVISION_ID } from "./catalog/catalog-revision.js";
import { type FlowContext } from "./catalog/flow.js";
import { type AddressFilesContext, createAddressFileDates } from "./clicks/address-files-resolver.js";
import { type Config } from "./config.js";
import { createPostbackSender } from "./conversions/postback-sender.js";
import { type SendContext } from "./conversions/send-postback.js";
import { openWaypostDatabase } from "./database.js";
import { createAddressOf } from "./kit/address.js";
import { stringifyAnswer } from "./kit/answer-size.js";
import { createAudit } from "./kit/audit.js";
import { isAllowedOrigin } from "./kit/cors.js";
import { refuseCostly } from "./kit/cost.js";
import { databaseReason, isDatabaseDown } from "./kit/database-errors.js";
import { DATABASE_CLOSE_MS, WAITS, type Waits, withDeadline } from "./kit/deadline.js";
import { unauthenticated, unavailable } from "./kit/errors.js";
import { formatApiError } from "./kit/format-error.js";
import { serveGraphql, statusByCode } from "./kit/graphql-endpoint.js";
import { createHttpServer } from "./kit/http-server.js";
import { createIdSequence } from "./kit/id.js";
import { installationId, takeSlot } from "./kit/journal/slots.js";
import { listen } from "./kit/listen.js";
import { createLoaders } from "./kit/loaders.js";
import { createLog } from "./kit/log.js";
import { createMetrics, measureConnections } from "./kit/metrics.js";
import { createMetricsGate } from "./kit/metrics-gate.js";
import { connectionsLent } from "./kit/orm.js";
import { EXIT_CONFIG, type RunningServer, run, StartError } from "./kit/process.js";
import { createTrouble } from "./kit/trouble.js";
import { tellUnknownProxies } from "./kit/unknown-proxy.js";
import { countAs } from "./kit/writer.js";
import { readCompleteUntil } from "./loader/complete-until.js";
import { findCounter } from "./loader/counting-process.js";
import { describeLate, lateTrackers } from "./loader/late-trackers.js";
import { prepareDatabase } from "./prepare.js";
import { type ReportContext } from "./reports/dashboard.js";
import { buildSchema } from "./schema.js";
import { serveAdmin } from "./serve-admin.js";
import { receiveSettings, serve } from "./start.js";
import { tellFirstAccount, welcome } from "./welcome.js";

type Context = AccountContext & AddressFilesContext & FlowContext & SendContext & ReportContext;

/** Limits of one GraphQL request. A hostile one is refused before it is executed. */
export const GRAPHQL_BODY_MAX = 512 * 1024;
export const DEPTH_MAX = 10;
export const ALIASES_MAX = 100;
export const TOKENS_MAX = 4000;

/** Left alone, the rules throw what Apollo takes for a mistake of ours. */
const REPORTED = {
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)],
};

const LIMITS = [
  maxDepthRule({ n: DEPTH_MAX, ignoreIntrospection: true, ...REPORTED }),
  maxAliasesRule({ n: ALIASES_MAX, allowList: [], ...REPORTED }),
] as unknown as ValidationRule[];

const COOKIE = "waypost_session";
/** Of a browser that has signed in before; it outlives sessions. */
const BROWSER_COOKIE = "waypost_browser";
/**
 * The user that a page knows, by id: a browser has one session for all its tabs, and what one user began in a tab is not done by
 * another who has signed in in a second one.
 */
const EXPECTED_USER = "x-waypost-user";

/** Where `npm run build` puts the admin, beside the compiled server. */
const ADMIN_FOLDER = join(import.meta.dirname, "../admin");

/** What a test may bring along. */
export interface ApiParts {
  log: Logger;
  /** Unix milliseconds. */
  now: () => number;
  /** Folder of the built admin. */
  adminFolder: string;
  waits: Waits;
}

const SLOTS_FOLDER = "api";

/** Takes the first free name of an API process over this DATA_DIR: by it it counts. @throws StartError */
function takeApiSlot(dataDir: string): { writer: string; release(): void } {
  const folder = join(dataDir, SLOTS_FOLDER);
  try {
    const { name, release } = takeSlot(folder);
    return { writer: `${installationId(folder)}/${name}`, release };
  } catch (error) {
    const reason = (error as Error).message;
    throw new StartError(
      `DATA_DIR is "${dataDir}": it cannot be used (${reason}). It must be a folder that we may write to.`,
      EXIT_CONFIG,
    );
  }
}

/** The admin, and GraphQL for it and for developers. Its tables must be there (`prepareDatabase`). */
export async function createApi(config: Config, replace: Partial<ApiParts> = {}): Promise<RunningServer> {
  const log = replace.log ?? createLog(config.logLevel, "api");
  const now = replace.now ?? Date.now;
  const waits = replace.waits ?? WAITS;
  const metrics = createMetrics();
  const away = createTrouble(log, {
    begins: "GraphQL requests find no database: they are answered SERVICE_UNAVAILABLE.",
    ends: "GraphQL requests find the database again.",
  });
  const database = await openWaypostDatabase(config, log, { statementMs: waits.query });
  const { trustProxy: trusted, metricsToken: token } = config;
  const slot = takeApiSlot(config.dataDir);
  countAs(database.em, await findCounter(database.em, slot.writer));
  const addressOf = tellUnknownProxies(createAddressOf(trusted), { trusted, log, now });
  const loginLimits = createLoginLimits();
  const sendPostback = createPostbackSender(config.trackerUrl);
  const nextId = createIdSequence();
  const addressFiles = createAddressFileDates(config.dataDir, now);

  const schema = buildSchema();
  const reading = { schema, rules: [...specifiedRules, ...LIMITS], maxTokens: TOKENS_MAX };
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: TOKENS_MAX },
    validationRules: LIMITS,
    status400ForVariableCoercionErrors: false,
    formatError: (formatted, error) => formatApiError({ log, away }, formatted, error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      statusByCode,
      refuseCostly,
    ],
    stringifyResult: stringifyAnswer,
    stopOnTerminationSignals: false,
    logger: log,
  });
  await apollo.start();

  async function createContext(request: FastifyRequest, reply: FastifyReply): Promise<Context> {
    const em = database.em.fork();
    const isSecure = request.protocol === "https";
    // By https no other host and no page of plain http can set a cookie of this name.
    const named = (name: string) => (isSecure ? `__Host-${name}` : name);
    const cookies = isAllowedOrigin(request, config.corsOrigins) ? {} : request.cookies;
    const cookie = cookies[named(COOKIE)];
    const token = tokenOf(request.headers.authorization, cookie);
    const found = token === null ? null : await findCaller(em, token, new Date(now())).catch(sayAway);
    if (token !== null) away.over();
    const expected = request.headers[EXPECTED_USER];
    const caller = expected === undefined || expected === String(found?.user.id) ? found : null;
    const { query } = (request.method === "GET" ? request.query : (request.body ?? {})) as { query?: unknown };
    if (!caller && !isLogin(query, reading)) throw unauthenticated();
    const ip = addressOf(request.raw);
    const options = { path: "/", httpOnly: true, sameSite: "strict", secure: isSecure } as const;
    return {
      em,
      ...createLoaders(em),
      completeUntil: () => readCompleteUntil(em),
      caller,
      loginLimits,
      ip,
      setCookie: (value) => {
        if (value === null) reply.clearCookie(named(COOKIE), options);
        else reply.setCookie(named(COOKIE), value, { ...options, maxAge: SESSION_MS / 1000 });
      },
      browser: cookies[named(BROWSER_COOKIE)],
      rememberBrowser: (proof) =>
        void reply.setCookie(named(BROWSER_COOKIE), proof, { ...options, maxAge: KNOWN_BROWSER_MS / 1000 }),
      forgetFirstPassword: () => {
        try {
          forgetFirstPassword(config.dataDir);
        } catch (error) {
          log.warn({ reason: (error as Error).message }, "The file of the first password cannot be deleted.");
        }
      },
      audit: createAudit(log, { user: caller?.user.email ?? null, address: ip }),
      trackerUrl: config.trackerUrl,
      addressFiles,
      sendPostback,
      timeZone: config.timeZone,
      log,
      now,
      nextId,
    };
  }

  measureConnections(metrics, () => connectionsLent(database));
  /** None while the database is away. */
  const late = () => withDeadline(lateTrackers(database.em.fork(), now()), waits.ready).catch(() => []);
  metrics.gauges(
    "tracker_behind_seconds",
    "How far the trackers are behind that completeUntil waits for, by their id.",
    "tracker",
    async () => (await late()).map(({ id, loadedUntil }) => [String(id), (now() - loadedUntil.getTime()) / 1000]),
  );

  function sayAway(error: Error): never {
    if (!isDatabaseDown(error)) throw error;
    away.met({ reason: databaseReason(error) });
    throw unavailable();
  }

  const server = createHttpServer({
    log,
    metrics,
    bodyMax: GRAPHQL_BODY_MAX,
    trustProxy: trusted,
    metricsGate: createMetricsGate({ token, trusted }),
    headTooLarge: { status: 431, message: "The request's head has more than 16 KiB." },
    warnings: async () => (await late()).map(describeLate),
    whyNotReady: async () => {
      // Of a table: a member of a cluster without quorum may be asked for anything else.
      const answer = withDeadline(database.em.fork().findOne(CatalogRevision, REVISION_ID), waits.ready);
      return answer.then(
        () => null,
        () => "The database cannot be reached.",
      );
    },
  });
  await serveAdmin(server, replace.adminFolder ?? ADMIN_FOLDER);
  await server.register(cookie);
  serveGraphql(server, apollo, { context: createContext, origins: config.corsOrigins });

  return {
    listen: () => listen(server, { host: config.host, port: config.apiPort }),
    close: async () => {
      await server.close();
      await apollo.stop();
      await withDeadline(database.close(), DATABASE_CLOSE_MS);
      slot.release();
    },
  };
}

if (import.meta.main) {
  await run(async () => {
    const config = await receiveSettings();
    const log = createLog(config.logLevel, "api");
    const tell = (made: FirstStart) => tellFirstAccount(config, made);
    const first = await prepareDatabase(config, log, { firstUser: true, tell });
    const { host, apiPort: port } = config;
    await serve(await createApi(config, { log }), { host, variable: "API_PORT", port }, log);
    if (first) process.stdout.write(welcome(config, first));
  });
}
