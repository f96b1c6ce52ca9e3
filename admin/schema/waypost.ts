import { type IntrospectionQuery } from "graphql";
import { columns } from "../generated/columns";
import introspection from "../generated/introspection.json";
import { type Resource, readResources } from "./resources";

/** Waypost's own schema, as committed: nothing is asked of the server for it. */
export const schema = introspection as unknown as IntrospectionQuery;

/** Waypost's resources, in the order of the schema. */
export const resources: Resource[] = readResources(schema, columns);
