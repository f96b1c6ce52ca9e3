import { type MigrationStep } from "../kit/migrate.js";
import { initial } from "./2026-11-22-0000-initial.js";
import { addClickLanguage } from "./2026-11-22-2224-add-click-language.js";
import { keepTheFirstArrivalOfConversions } from "./2026-11-23-0328-keep-the-first-arrival-of-conversions.js";
import { countFacts } from "./2026-11-25-0233-count-facts.js";
import { keepHowFarJournalsAreLoaded } from "./2026-11-25-0241-keep-how-far-journals-are-loaded.js";
import { keepPostbacksUntilTheirClickIsThere } from "./2026-11-25-0258-keep-postbacks-until-their-click-is-there.js";
import { keepTheRevisionOfFlows } from "./2026-11-25-0259-keep-the-revision-of-flows.js";
import { keepStatusWordsOfPostbackKeys } from "./2026-11-25-0653-keep-status-words-of-postback-keys.js";
import { recordWhoChangedAConversion } from "./2026-11-25-0700-record-who-changed-a-conversion.js";
import { sayHowPostbacksWereRead } from "./2026-11-25-0719-say-how-postbacks-were-read.js";
import { nameThePostbackThatWasReplayed } from "./2026-11-25-0802-name-the-postback-that-was-replayed.js";
import { keepSumsOfAnySize } from "./2026-11-25-0804-keep-sums-of-any-size.js";
import { keepWhatChangesMadeOfAConversion } from "./2026-11-25-0818-keep-what-changes-made-of-a-conversion.js";
import { logWhatPostbacksCameTo } from "./2026-11-25-1336-log-what-postbacks-came-to.js";
import { countByWhenConversionsWereChanged } from "./2026-11-28-0703-count-by-when-conversions-were-changed.js";
import { tellInIndexesWhenConversionsWereChanged } from "./2026-11-29-1008-tell-in-indexes-when-conversions-were-changed.js";
import { countAllRowsBySeconds } from "./2026-11-29-1014-count-all-rows-by-seconds.js";
import { countMoneyInHundredMillionths } from "./2026-11-30-1730-count-money-in-hundred-millionths.js";
import { keepDefaultStatusAndCurrencyWords } from "./2026-11-30-1740-keep-default-status-and-currency-words.js";
import { keepVersionsNetworksAndBotsOfClicks } from "./2026-11-30-1741-keep-versions-networks-and-bots-of-clicks.js";
import { keepWhatWasSaidOfConversionsWithoutAUid } from "./2026-11-30-1816-keep-what-was-said-of-conversions-without-a-uid.js";
import { keepLongLabelsAndWhatWasCut } from "./2026-11-30-1825-keep-long-labels-and-what-was-cut.js";
import { findFlowsByTheirDestinations } from "./2026-11-30-2031-find-flows-by-their-destinations.js";
import { knowBrowsersThatSignedIn } from "./2026-11-30-2142-know-browsers-that-signed-in.js";
import { waitForTrackersAgain } from "./2026-11-30-2147-wait-for-trackers-again.js";
import { takeAnyWriter } from "./2026-11-30-2220-take-any-writer.js";

/** All steps of the schema, oldest first. `docs/adding-a-column.md` says how to add one. */
export const migrations: MigrationStep[] = [
  initial,
  addClickLanguage,
  keepTheFirstArrivalOfConversions,
  countFacts,
  keepHowFarJournalsAreLoaded,
  keepPostbacksUntilTheirClickIsThere,
  keepTheRevisionOfFlows,
  keepStatusWordsOfPostbackKeys,
  recordWhoChangedAConversion,
  sayHowPostbacksWereRead,
  nameThePostbackThatWasReplayed,
  keepSumsOfAnySize,
  keepWhatChangesMadeOfAConversion,
  logWhatPostbacksCameTo,
  countByWhenConversionsWereChanged,
  tellInIndexesWhenConversionsWereChanged,
  countAllRowsBySeconds,
  countMoneyInHundredMillionths,
  keepDefaultStatusAndCurrencyWords,
  keepVersionsNetworksAndBotsOfClicks,
  keepWhatWasSaidOfConversionsWithoutAUid,
  keepLongLabelsAndWhatWasCut,
  findFlowsByTheirDestinations,
  knowBrowsersThatSignedIn,
  waitForTrackersAgain,
  takeAnyWriter,
];
