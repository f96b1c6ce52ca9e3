import { Field, FieldResolver, ObjectType, Resolver, Root } from "#type-graphql";
import { type PostbackParameter, postbackParameters } from "./dialect.js";
import { type Found, findParameter, type Place, UnusableParameter } from "./find-parameter.js";
import { postbackCodes, reasonOf } from "./postback-codes.js";
import { postbackWarnings } from "./postback-warnings.js";
import { type Sent } from "./read-body.js";
import { MeaningSource } from "./status-meaning.js";
import { PostbackRefusal, type Verdict } from "./verdict.js";

@ObjectType({ description: "How one parameter of a postback was read." })
export class ParameterReading {
  @Field(() => String, { description: "The parameter, by our name of it: `click`, `status`, `approved_status`." })
  parameter!: string;
  @Field(() => String, { description: "The name it was sent under." }) name!: string;
  @Field(() => String, { description: "Where it was sent: `body` or `query`." }) place!: Place;
  @Field(() => String, {
    description: "Its value as sent, trimmed; cut where it is long: the payload has it whole.",
  })
  value!: string;
  @Field(() => String, { nullable: true, description: "What counts of it; none: nothing does." }) means?: string;
  @Field(() => MeaningSource, {
    nullable: true,
    description: "Of a word for a status: who says what it means.",
  })
  by?: MeaningSource;
  @Field(() => String, { nullable: true, description: "What should be mended." }) warning?: string;
  @Field(() => String, {
    nullable: true,
    description:
      "Why nothing of it can be used, from the closed list of codes; none: it can be, or counts as left out.",
  })
  code?: string;
  @Field(() => String, { nullable: true, description: "The same in words." }) message?: string;
}

/** What is known of the code of a parameter: the log keeps the code alone. */
@Resolver(() => ParameterReading)
export class ParameterMistake {
  @FieldResolver(() => String, { nullable: true, description: "Why that happens." })
  cause(@Root() { code }: ParameterReading): string | null {
    return reasonOf(code ?? "")?.cause ?? null;
  }
  @FieldResolver(() => String, { nullable: true, description: "What to do about it." })
  cure(@Root() { code }: ParameterReading): string | null {
    return reasonOf(code ?? "")?.cure ?? null;
  }
}

/** What a value means. */
export interface Meant<T> extends Pick<ParameterReading, "means" | "by" | "warning"> {
  value: T;
  /** What the whole postback comes to because of it, unless something else is in its way. */
  verdict?: Verdict;
}

const VALUE_KEPT_MAX = 200;

/** What a reading keeps of a value as sent. */
export function keptValue(sent: string): string {
  const value = sent.toWellFormed().trim();
  return value.length <= VALUE_KEPT_MAX ? value : `${value.slice(0, VALUE_KEPT_MAX).toWellFormed()}…`;
}

/** How a parameter is read beside what its value means. */
interface Manner {
  /** Whether a text is a value though it looks like something that stands for nothing. */
  isKnown?: (text: string) => boolean;
  /** The warning of a value that stands for nothing and counts as left out; or it throws. */
  ofNothing?: (found: Found) => string;
  /** The warning of a value that cannot be used and counts as left out; left out: it refuses the postback. */
  ofUnusable?: (found: AsSent) => string;
}

type AsSent = Pick<Found, "name" | "place" | "value">;

/** Reads parameters one by one and remembers how. */
export interface ParameterReader {
  /**
   * What a parameter says; null: nothing, or nothing that can be used.
   *
   * @param parse  throws a `PostbackRefusal` when the value cannot be used.
   */
  read<T>(parameter: string, names: readonly string[], parse: (found: Found) => Meant<T>, manner?: Manner): T | null;
  /** Refuses the whole postback since it names no click; `found`: where a click hash stands instead. */
  refuse(verdict: Verdict, found?: Pick<Found, "name" | "place" | "value">): void;
  /** Warns of what was found beside a parameter and does not count. */
  warn(parameter: string, found: Pick<Found, "name" | "place" | "value">, warning: string): void;
  readonly parameters: ParameterReading[];
  /**
   * What decides about the postback: the code is that of the highest status and, of several, of the first parameter in the
   * order of the help; the message is of all mistakes.
   */
  verdict(): Verdict | null;
}

const ORDER = Object.keys(postbackParameters) as PostbackParameter[];
/** The first status of a mistake. */
const MISTAKE_MIN = 400;

export function createParameterReader(sent: Sent): ParameterReader {
  const parameters: ParameterReading[] = [];
  const verdicts: { verdict: Verdict; place: number }[] = [];

  function decide(parameter: string, verdict: Verdict): void {
    // A list of words counts with the status that it is about.
    const place = ORDER.indexOf(parameter.replace(/^.*_status$/, "status") as PostbackParameter);
    verdicts.push({ verdict, place });
  }

  function readFound<T>(parameter: string, found: Found, parse: (found: Found) => Meant<T>, manner: Manner): T | null {
    const reading = remember(parameter, found);
    try {
      if (found.nothing !== null) {
        reading.warning = (manner.ofNothing ?? warnOfNothing)(found);
        return null;
      }
      const { value, verdict, ...meant } = parse(found);
      Object.assign(reading, meant);
      if (verdict) decide(parameter, verdict);
      return value;
    } catch (error) {
      if (!(error instanceof PostbackRefusal)) throw error;
      refuse(reading, found, error.verdict, manner);
      return null;
    }
  }

  function refuse(reading: ParameterReading, found: AsSent, verdict: Verdict, { ofUnusable }: Manner): void {
    if (ofUnusable) {
      reading.warning = ofUnusable(found);
      return;
    }
    Object.assign(reading, verdict);
    decide(reading.parameter, verdict);
  }

  function remember(parameter: string, { name, place, value }: AsSent): ParameterReading {
    const reading: ParameterReading = { parameter, name, place, value: keptValue(value) };
    parameters.push(reading);
    return reading;
  }

  return {
    parameters,
    refuse: (verdict, found) => {
      if (found) Object.assign(remember("click", found), verdict);
      decide("click", verdict);
    },
    warn: (parameter, found, warning) => {
      const isSame = (each: ParameterReading) => each.name === found.name && each.place === found.place;
      const reading = parameters.find((each) => each.parameter === parameter && isSame(each));
      Object.assign(reading ?? remember(parameter, found), { warning });
    },
    read: (parameter, names, parse, manner = {}) => {
      try {
        const [last, ...before] = findParameter(sent, names, manner.isKnown ?? (() => false)).toReversed();
        for (const found of before.toReversed()) readFound(parameter, found, parse, manner);
        return last ? readFound(parameter, last, parse, manner) : null;
      } catch (error) {
        if (!(error instanceof UnusableParameter)) throw error;
        refuse(remember(parameter, error.found), error.found, error.verdict, manner);
        return null;
      }
    },
    verdict: () => {
      const [first, ...others] = verdicts
        .toSorted((a, b) => statusOf(b.verdict) - statusOf(a.verdict) || a.place - b.place)
        .map(({ verdict }) => verdict);
      if (!first) return null;
      const mistakes = others.filter((other) => statusOf(other) >= MISTAKE_MIN);
      return { code: first.code, message: [first, ...mistakes].map(({ message }) => message).join(" ") };
    },
  };
}

function statusOf({ code }: Verdict): number {
  return postbackCodes[code].status;
}

function warnOfNothing({ name, nothing }: Found): string {
  return postbackWarnings.nothing(name, nothing ?? "");
}
