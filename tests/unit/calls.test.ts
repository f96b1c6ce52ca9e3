import { MessageChannel } from "node:worker_threads";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Ask, channelOf, connectCalls } from "../../server/kit/calls.js";

interface Theirs {
  double(number: number): number;
  fail(reason: string): never;
}

let ports: MessageChannel;
let ask: Ask<Theirs>;
/** How many calls and answers each message had. */
let messages: number[];

beforeEach(() => {
  ports = new MessageChannel();
  messages = [];
  const counted = {
    send: (message: unknown) => {
      messages.push((message as unknown[]).length);
      ports.port2.postMessage(message);
    },
    listen: channelOf(ports.port2).listen,
  };
  connectCalls<object>(counted, {
    double: (number: number) => number * 2,
    fail: (reason: string) => {
      throw new Error(reason);
    },
  });
  ask = connectCalls<Theirs>(channelOf(ports.port1), {});
});
afterEach(() => ports.port1.close());

it("answers each call with what it came to, and a failure with its message", async () => {
  const [two, failure, four] = await Promise.allSettled([ask("double", 1), ask("fail", "No."), ask("double", 2)]);
  expect([two, four]).toEqual([
    { status: "fulfilled", value: 2 },
    { status: "fulfilled", value: 4 },
  ]);
  expect(failure).toMatchObject({ status: "rejected", reason: { message: "No." } });
});

it("sends what is said in one turn as one message, there and back", async () => {
  await Promise.all(Array.from({ length: 50 }, (_, number) => ask("double", number)));
  expect(messages).toEqual([50]);
  await ask("double", 7);
  expect(messages).toEqual([50, 1]);
});

it("says so where the other side has nothing of that name", async () => {
  await expect(ask("triple" as never, 1 as never)).rejects.toThrow('There is nothing called "triple" in this thread.');
});

it("fails what cannot be cloned, and nothing that was said with it", async () => {
  const [wrong, right] = await Promise.allSettled([ask("double", (() => 1) as never), ask("double", 4)]);
  expect(wrong).toMatchObject({
    status: "rejected",
    reason: { message: expect.stringContaining("could not be cloned") },
  });
  expect(right).toEqual({ status: "fulfilled", value: 8 });
});
