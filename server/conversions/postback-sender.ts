import { RateLimiterMemory } from "rate-limiter-flexible";
import { postbackUrl } from "../catalog/urls.js";
import { forbidden } from "../kit/errors.js";

/** Longer than the tracker takes for an answer when its database is frozen. */
const WAIT_MS = 25_000;
/** Postbacks that operators may send from here in a minute, all together. */
export const SENDS_PER_MINUTE = 60;
/** The tracker's answers are shorter; of a stranger's no more is read. */
const ANSWER_MAX = 64 * 1024;

/** What came of a postback that was sent. Without `status` there was no answer, without `code` it was no tracker's. */
export interface SentAnswer {
  url: string;
  status: number | null;
  code: string | null;
  message: string;
  conversionId: string | null;
}

/** Sends a postback with a key. @throws FORBIDDEN when there were too many within a minute. */
export type SendPostback = (key: string, query: string) => Promise<SentAnswer>;

/**
 * Sends postbacks as advertisers do: by HTTP, to the public address of the tracker, so that an answer shows that theirs
 * would arrive too. It is the only address that is ever asked.
 */
export function createPostbackSender(trackerUrl: string): SendPostback {
  const limit = new RateLimiterMemory({ points: SENDS_PER_MINUTE, duration: 60 });
  return async (key, query) => {
    await limit.consume("all").catch(() => {
      throw forbidden(`More than ${SENDS_PER_MINUTE} postbacks within a minute: try again in a minute.`);
    });
    const url = new URL(postbackUrl(trackerUrl, key));
    url.search = query;
    return { url: url.href, ...(await get(url, trackerUrl)) };
  };
}

async function get(url: URL, trackerUrl: string): Promise<Omit<SentAnswer, "url">> {
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    const response = await fetch(url, { redirect: "manual", signal });
    return readAnswer(response.status, await readText(response), trackerUrl);
  } catch {
    const message = `The tracker cannot be reached at ${trackerUrl}: check that it is running, and that TRACKER_URL is its public address.`;
    return { status: null, code: null, message, conversionId: null };
  }
}

/** The answer as the tracker writes it, JSON; anything else comes from another server. */
function readAnswer(status: number, text: string, trackerUrl: string): Omit<SentAnswer, "url"> {
  try {
    const { code, message, conversionId } = JSON.parse(text) as Record<string, unknown>;
    if (typeof code === "string" && typeof message === "string") {
      return { status, code, message, conversionId: typeof conversionId === "string" ? conversionId : null };
    }
  } catch {}
  const message = `What answers at ${trackerUrl} is not the tracker: check TRACKER_URL, and the proxy in front of it.`;
  return { status, code: null, message, conversionId: null };
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > ANSWER_MAX) break;
  }
  return text;
}
