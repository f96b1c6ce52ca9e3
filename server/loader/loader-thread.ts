import { Worker } from "node:worker_threads";
import { type Ask, channelOf, connectCalls } from "../kit/calls.js";
import { WITHOUT_GRAPHQL } from "../kit/supervise.js";
import { type LoaderCalls, type LoaderData, type TrackerCalls } from "./calls.js";

/** The loader, in a thread of its own: neither its work nor a locked SQLite file holds up a visitor. */
export interface LoaderThread {
  ask: Ask<LoaderCalls>;
  /** Has it finish its work and ends it. */
  close(): Promise<void>;
}

/** @param file  the thread's program, compiled. */
export function startLoaderThread(file: string | URL, data: LoaderData, tracker: TrackerCalls): LoaderThread {
  const thread = new Worker(file, { workerData: data, execArgv: WITHOUT_GRAPHQL });
  // A mistake of ours that nobody expected: the process ends with it, and its supervisor starts another.
  thread.on("error", (error) => {
    throw error;
  });
  const ask = connectCalls<LoaderCalls>(channelOf(thread), tracker);
  return {
    ask,
    close: async () => {
      await ask("close", undefined);
      await thread.terminate();
    },
  };
}
