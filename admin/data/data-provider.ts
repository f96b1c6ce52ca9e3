import buildGraphQLProvider from "ra-data-graphql";
import { type DataProvider } from "react-admin";
import { type Resource } from "../schema/resources";
import { createBuildQuery } from "./build-query";
import { client, toHttpError } from "./client";

type Method = (...given: unknown[]) => Promise<unknown>;

/** react-admin's way to the API: ra-data-graphql with our own queries, and errors that forms can show in place. */
export function createDataProvider(resources: Resource[]): DataProvider {
  const provider = buildGraphQLProvider({
    client,
    introspection: false,
    buildQuery: createBuildQuery(resources),
    query: () => ({ fetchPolicy: "no-cache" }),
  });
  const methods = Object.entries(provider).filter((entry): entry is [string, Method] => typeof entry[1] === "function");
  const careful = methods.map(([name, method]) => [
    name,
    (...given: unknown[]) => method(...given).catch((error: unknown) => Promise.reject(toHttpError(error))),
  ]);
  return Object.fromEntries(careful) as DataProvider;
}
