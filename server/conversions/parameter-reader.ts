import { Field, ObjectType } from "#type-graphql";
import { excerpt } from "../kit/errors.js";
import { type Found, findParameter, type Place } from "./find-parameter.js";
import { postbackCodes } from "./postback-codes.js";
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
}

/** What a value means. */
export interface Meant<T> extends Pick<ParameterReading, "means" | "by" | "warning"> {
  value: T;
  /** What the whole postback comes to because of it, unless something else is in its way. */
  verdict?: Verdict;
}

const VALUE_KEPT_MAX = 200;

/** Reads parameters one by one and remembers how. */
export interface ParameterReader {
  /**
   * What a parameter says; null: nothing, or nothing that can be used.
   *
   * @param parse  throws a `PostbackRefusal` when the value cannot be used.
   * @param ofMacro  a value that is a macro still counts as left out; or throws.
   */
  read<T>(
    parameter: string,
    names: readonly string[],
    parse: (found: Found) => Meant<T>,
    ofMacro?: (found: Found) => string,
  ): T | null;
  /** Keeps what refuses the whole postback, and goes on. */
  attempt<T>(work: () => T): T | null;
  readonly parameters: ParameterReading[];
  /** What decides about the postback: of several verdicts the highest status, then the first. */
  verdict(): Verdict | null;
}

export function createParameterReader(sent: Sent): ParameterReader {
  const parameters: ParameterReading[] = [];
  const verdicts: Verdict[] = [];

  function attempt<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof PostbackRefusal)) throw error;
      verdicts.push(error.verdict);
      return null;
    }
  }

  return {
    parameters,
    attempt,
    read: (parameter, names, parse, ofMacro = warnOfMacro) =>
      attempt(() => {
        for (const found of findParameter(sent, names)) {
          const { name, place, value: text } = found;
          const reading: ParameterReading = { parameter, name, place, value: excerpt(text, VALUE_KEPT_MAX) };
          parameters.push(reading);
          if (found.macro !== null) {
            reading.warning = ofMacro(found);
            continue;
          }
          const { value, verdict, ...meant } = parse(found);
          Object.assign(reading, meant);
          if (verdict) verdicts.push(verdict);
          return value;
        }
        return null;
      }),
    verdict: () => verdicts.toSorted((a, b) => postbackCodes[b.code].status - postbackCodes[a.code].status)[0] ?? null,
  };
}

function warnOfMacro({ name, macro }: Found): string {
  return postbackWarnings.macroUnreplaced(name, macro ?? "");
}
