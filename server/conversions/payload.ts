import { type SentParameters } from "./read-body.js";

/** How much of a payload is kept, in bytes of its JSON. */
export const PAYLOAD_MAX = 8 * 1024;
/** At the end of what was cut. */
const CUT = "…";

/** What a postback log entry keeps of the parameters as sent. */
export interface Payload {
  payload: Record<string, unknown>;
  /** Whether something is missing; a text that was cut ends in an ellipsis. */
  payloadCut: boolean;
}

/** So much of a value is kept, in bytes of its JSON, or the whole parameter is missing. */
const VALUE_MIN = 24;

/** More than this have no room, however short they are: `"":"",`. */
const COUNT_MAX = Math.ceil(PAYLOAD_MAX / 6);

interface Parameter {
  name: string;
  value: unknown;
  /** Of the value's JSON. */
  bytes: number;
}

/**
 * The parameters as one object, a repeated name as an array. Where they are longer than is kept, those that are read come first
 * and the others as far as they go: the longest values are cut, down to one length, so that short ones stay whole; a list or
 * object that is cut becomes the beginning of its JSON. The last are missing where there are too many.
 *
 * @param isOwn  whether a parameter of this name is read.
 */
export function createPayload(sent: SentParameters, isOwn: (name: string) => boolean): Payload {
  // Without the braces; the first has no comma.
  const room = PAYLOAD_MAX - 2 + 1;
  const names = [...sent.keys()];
  if (names.length <= COUNT_MAX) {
    const all = measured(sent, names);
    if (sumOf(all) <= room) return { payload: asObject(all), payloadCut: false };
  }
  const own = within(measured(sent, names.filter(isOwn)), room);
  const others = within(
    measured(
      sent,
      names.filter((name) => !isOwn(name)),
    ),
    room - sumOf(own),
  );
  const kept = new Map([...own, ...others].map((parameter) => [parameter.name, parameter]));
  return { payload: asObject(names.flatMap((name) => kept.get(name) ?? [])), payloadCut: true };
}

/** The parameters of names, but no more than there can be room for. */
function measured(sent: SentParameters, names: string[]): Parameter[] {
  return names.slice(0, COUNT_MAX).map((name) => {
    const values = sent.get(name) ?? [];
    const value = values.length === 1 ? values[0] : values;
    return { name, value, bytes: sizeOf(value) };
  });
}

/** The parameters for which there is room, the longest of their values cut to one length. */
function within(parameters: Parameter[], room: number): Parameter[] {
  const some: Parameter[] = [];
  let left = room;
  for (const parameter of parameters) {
    const needed = around(parameter) + Math.min(parameter.bytes, VALUE_MIN);
    if (needed > left) break;
    some.push(parameter);
    left -= needed;
  }
  const longest = shareOf(
    some.map(({ bytes }) => bytes),
    room - some.reduce((sum, parameter) => sum + around(parameter), 0),
  );
  return some.map((parameter) => (parameter.bytes <= longest ? parameter : cutTo(parameter, longest)));
}

/** The length to which the longest have to be cut so that all together have room. */
function shareOf(lengths: number[], room: number): number {
  let left = room;
  for (const [place, length] of lengths.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - place));
    if (length > share) return share;
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}

function cutTo({ name, value }: Parameter, bytes: number): Parameter {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const cut = cutText(text, bytes - sizeOf(CUT));
  return { name, value: cut, bytes: sizeOf(cut) };
}

/** The bytes of a parameter beside its value: name, colon and comma. */
function around({ name }: Parameter): number {
  return sizeOf(name) + 2;
}

function sumOf(parameters: Parameter[]): number {
  return parameters.reduce((sum, parameter) => sum + around(parameter) + parameter.bytes, 0);
}

function asObject(parameters: Parameter[]): Record<string, unknown> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}

/** The longest beginning of a text whose JSON is at most `bytes` long, quotes aside, with a mark of its end. */
function cutText(text: string, bytes: number): string {
  let end = 0;
  for (let tooLong = Math.min(text.length, bytes) + 1; end + 1 < tooLong; ) {
    const middle = wholeCharacters(text, (end + tooLong) >> 1);
    if (middle === end || sizeOf(text.slice(0, middle)) - 2 > bytes) tooLong = (end + tooLong) >> 1;
    else end = middle;
  }
  return `${text.slice(0, end)}${CUT}`;
}

/** The end of a beginning that cuts no character in two. */
function wholeCharacters(text: string, end: number): number {
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end - 1 : end;
}

/** Whether a value of a payload that was cut is one of those that were. */
export function isCut(value: unknown): boolean {
  return typeof value === "string" && value.endsWith(CUT);
}
