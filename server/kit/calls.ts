import { type MessagePort, type Worker } from "node:worker_threads";

/** One end of a channel to another thread or process. */
export interface Channel {
  send(message: unknown): void;
  listen(listener: (message: never) => void): void;
}

export function channelOf(port: Worker | MessagePort): Channel {
  return {
    send: (message) => port.postMessage(message),
    listen: (listener) => void port.on("message", (message) => listener(message as never)),
  };
}

/** What the other side can be asked to do; arguments and answers are cloned on the way. */
type Calls = object;
type Argument<Call> = Call extends (argument: infer A) => unknown ? A : never;
type Answer<Call> = Call extends (...args: never[]) => infer R ? Awaited<R> : never;

export type Ask<Theirs extends Calls> = <Name extends keyof Theirs & string>(
  name: Name,
  argument: Argument<Theirs[Name]>,
) => Promise<Answer<Theirs[Name]>>;

type Message =
  | { kind: "call"; id: number; name: string; argument: unknown }
  | { kind: "answer"; id: number; answer: unknown }
  | { kind: "failure"; id: number; message: string; stack: string | undefined };

/**
 * Lets two threads, or processes, call each other's functions by name. What is said within one turn of the event loop goes as
 * one message, which is cloned at its end: a message costs more than what is in it.
 *
 * @param own  what the other side may call. What they throw arrives as an error with the same message and stack, and nothing else.
 */
export function connectCalls<Theirs extends Calls>(channel: Channel, own: Calls): Ask<Theirs> {
  const asked = new Map<number, PromiseWithResolvers<never>>();
  let lastId = 0;
  let unsent: Message[] = [];

  function send(message: Message): void {
    if (unsent.length === 0) setImmediate(sendAll);
    unsent.push(message);
  }

  function sendAll(): void {
    const messages = unsent;
    unsent = [];
    try {
      channel.send(messages);
    } catch {
      for (const message of messages) sendAlone(message);
    }
  }

  /** One that cannot be cloned fails alone. */
  function sendAlone(message: Message): void {
    try {
      channel.send([message]);
    } catch (error) {
      const failure = { kind: "failure", id: message.id, ...told(error as Error) } as const;
      if (message.kind === "call") receive(failure);
      else channel.send([failure]);
    }
  }

  async function answer({ id, name, argument }: Message & { kind: "call" }): Promise<void> {
    try {
      const call = (own as Record<string, (argument: unknown) => unknown>)[name];
      if (!call) throw new Error(`There is nothing called "${name}" in this thread.`);
      send({ kind: "answer", id, answer: await call(argument) });
    } catch (error) {
      send({ kind: "failure", id, ...told(error as Error) });
    }
  }

  function receive(message: Message): void {
    if (message.kind === "call") return void answer(message);
    const waiting = asked.get(message.id);
    asked.delete(message.id);
    if (message.kind === "answer") waiting?.resolve(message.answer as never);
    else waiting?.reject(Object.assign(new Error(message.message), { stack: message.stack }));
  }

  channel.listen((messages: Message[]) => {
    for (const message of messages) receive(message);
  });

  return (name, argument) => {
    lastId += 1;
    const waiting = Promise.withResolvers<never>();
    asked.set(lastId, waiting);
    send({ kind: "call", id: lastId, name, argument });
    return waiting.promise;
  };
}

/** What the other side learns of an error. */
function told({ message, stack }: Error): { message: string; stack: string | undefined } {
  return { message, stack };
}
