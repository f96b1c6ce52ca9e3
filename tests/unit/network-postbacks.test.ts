import { describe, expect, it } from "vitest";
import { NO_RULES } from "../../server/catalog/postback-key.js";
import { dialects } from "../../server/conversions/dialect.js";
import { readQuery } from "../../server/conversions/read-body.js";
import { readPostback } from "../../server/conversions/read-postback.js";
import { networks } from "../../server/presets/network.js";
import { networkPostbacks, presetParameters } from "../kit/network-postbacks.js";

const HASH = "019aab3c5d7e4f60718293a4b5c6d7e8";

/** Reads parameters as the tracker does that got them in a URL, with a key without words of its own. */
const read = (parameters: Iterable<[string, string]>) =>
  readPostback({ query: readQuery(Object.fromEntries(parameters)), body: new Map() }, dialects.WAYPOST, NO_RULES);

describe("A network's postback by our preset's URL", () => {
  it.each(networks)("says in every status what it should: $name", (network) => {
    const postbacks = networkPostbacks(network, () => HASH);
    expect(postbacks.length).toBeGreaterThan(0);
    for (const { query, says, word } of postbacks) {
      const { verdict, clickHash, postback, warnings } = read(new URLSearchParams(query));
      expect({ word, verdict, clickHash, postback, warnings }).toEqual({
        word,
        verdict: null,
        clickHash: HASH,
        postback: { goal: null, defaultStatus: "PENDING", ...says },
        warnings: [],
      });
    }
  });

  it.each(networks)("names the macro that nobody replaced, when it comes as it stands: $name", (network) => {
    const { verdict } = read(presetParameters(network));
    // One network's macros are bare words.
    expect(verdict?.code).toBe(/^\w+$/.test(network.click) ? "CLICK_WRONG_CHARACTER" : "CLICK_UNREPLACED");
    expect(verdict?.message).toContain(network.click);
  });
});
