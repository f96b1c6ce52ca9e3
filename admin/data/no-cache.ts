import { ApolloCache, type DocumentNode } from "@apollo/client/core";

/**
 * Apollo is the way to the API and keeps nothing: what was asked for is kept by react-admin, once. Its own cache stays out of the
 * script.
 */
export class NoCache extends ApolloCache<null> {
  read = () => null;
  write = () => undefined;
  diff = () => ({ result: {}, complete: false }) as never;
  watch = () => () => {};
  reset = async () => {};
  evict = () => false;
  restore = () => this;
  extract = () => null;
  removeOptimistic = () => {};
  performTransaction = (transaction: (cache: this) => void) => transaction(this);
  override transformDocument = (document: DocumentNode) => document;
}
