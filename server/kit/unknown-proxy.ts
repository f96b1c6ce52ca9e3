import { type Logger } from "pino";
import { type AddressOf, createHopsOf } from "./address.js";

/** So often at most a proxy that nobody trusts is told of, in milliseconds. */
const TELL_MS = 60 * 60 * 1000;

/**
 * Says at the start whose `X-Forwarded-For` is believed, and now and then that it comes from somebody else: of a proxy that
 * `TRUST_PROXY` does not name all visitors seem to be one, and the limits that are meant for one close for all.
 */
export function tellUnknownProxies(
  addressOf: AddressOf,
  { trusted, log, now }: { trusted: string[]; log: Logger; now: () => number },
): AddressOf {
  log.info(
    { trusted },
    trusted.length > 0
      ? "X-Forwarded-For is believed if it comes from the addresses of TRUST_PROXY."
      : "X-Forwarded-For is believed from nobody: behind a reverse proxy set TRUST_PROXY to its address.",
  );
  const hopsOf = createHopsOf(trusted);
  let toldAt = Number.NEGATIVE_INFINITY;
  return (request) => {
    if (request.headers["x-forwarded-for"] !== undefined && now() - toldAt >= TELL_MS) {
      const { address, isProxied } = hopsOf(request);
      if (!isProxied) {
        toldAt = now();
        log.warn(
          { event: "unknown_proxy", address },
          "X-Forwarded-For comes from an address that TRUST_PROXY does not name, and is not believed: if that is your reverse proxy, all visitors count as one address until TRUST_PROXY names it.",
        );
      }
    }
    return addressOf(request);
  };
}
