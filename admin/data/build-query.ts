import { gql } from "@apollo/client/core";
import { type DocumentNode } from "graphql";
import { type BuildQueryFactory } from "ra-data-graphql";
import { HttpError } from "react-admin";
import { type Change, type Field, type Resource } from "../schema/resources";
import { readRange, toInstants } from "../zone/range";

interface Query {
  query: DocumentNode;
  variables: Record<string, unknown>;
  parseResponse: (response: { data: Record<string, unknown> }) => unknown;
}

interface Params {
  id?: string | number;
  ids?: (string | number)[];
  data?: Record<string, unknown>;
  filter?: Record<string, unknown>;
  sort?: { field: string; order: "ASC" | "DESC" };
  pagination?: { page: number; perPage: number };
  target?: string;
  meta?: { change?: Change };
}

/** What is asked of every row of a list: all but what is listed below it, and JSON only where it is a column. */
const isListed = ({ kind, view }: Field) => kind !== "LIST" && !(kind === "JSON" && view.hidden);

const documents = new Map<string, DocumentNode>();

/** One document for one text: Apollo knows it again. */
function document(text: string): DocumentNode {
  const known = documents.get(text) ?? gql(text);
  documents.set(text, known);
  return known;
}

/** Makes react-admin's requests into the contract's queries: one list shape, one input shape. */
export function createBuildQuery(resources: Resource[]): BuildQueryFactory {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  function select(fields: Field[]): string {
    return fields
      .map((field) => {
        if (field.kind === "LIST")
          return field.fields.length > 0 ? `${field.name} { ${select(field.fields)} }` : field.name;
        // Of what is referred to: its id, and what it is called.
        return field.kind === "REFERENCE" ? `${field.name} { ${["id", ...field.names].join(" ")} }` : field.name;
      })
      .join(" ");
  }

  function list(resource: Resource, { filter = {}, sort, pagination }: Params): Query {
    const { name, filterType, sortType, columns } = resource;
    const word = columns.find((column) => column.name === sort?.field)?.sort;
    const sorted = sortType && word ? { field: word, order: sort?.order } : undefined;
    const declared = [
      `$page: Int, $perPage: Int`,
      filterType && `$filter: ${filterType}`,
      sorted && `$sort: ${sortType}`,
    ];
    const given = ["page: $page, perPage: $perPage", filterType && "filter: $filter", sorted && "sort: $sort"];
    return {
      query: document(
        `query ${name}(${join(declared)}) { page: ${name}(${join(given)}) { items { ${select(columns.filter(isListed))} } totalCount pageInfo { hasNextPage } } }`,
      ),
      variables: {
        page: pagination?.page,
        perPage: pagination?.perPage,
        filter: toFilter(resource, filter),
        sort: sorted,
      },
      parseResponse: ({ data }) => {
        const { items, totalCount } = data.page as { items: unknown[]; totalCount: number };
        return { data: items, total: totalCount };
      },
    };
  }

  /** By way of the list where that leaves something out unasked: a single item of that is not to be had. */
  function one(resource: Resource, { id }: Params): Query {
    const { one: single, name, columns } = resource;
    const any = Object.keys(unfiltered(resource)).map((filter) => `${filter}: null`);
    const row = `{ ${select(columns)} }`;
    const asked =
      any.length > 0
        ? `page: ${name}(filter: { ${join(["ids: [$id]", ...any])} }) { items ${row} }`
        : `data: ${single}(id: $id) ${row}`;
    return {
      query: document(`query ${single}($id: ID!) { ${asked} }`),
      variables: { id },
      parseResponse: ({ data: answer }) => {
        const data = answer.data ?? (answer.page as { items: unknown[] } | undefined)?.items[0];
        if (!data) throw new HttpError("waypost.drawer.missing", 404);
        return { data };
      },
    };
  }

  function change(resource: Resource, how: Change | null, { id, data = {} }: Params): Query {
    if (!how) throw new Error(`${resource.name} cannot be changed this way.`);
    const { mutation, args, wrapped, fields } = how;
    const values = pick(data, fields);
    const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(", ");
    const given = args.map(({ name }) => `${name}: $${name}`).join(", ");
    // The API refuses the change if the entry has changed since this version was read.
    const ifVersion = args.some(({ name }) => name === "ifVersion") ? data.version : undefined;
    return {
      query: document(
        `mutation ${mutation}(${declared}) { data: ${mutation}(${given}) { ${select(resource.columns)} } }`,
      ),
      variables: { id, ifVersion, ...(wrapped ? { input: values } : values) },
      parseResponse: ({ data: answer }) => answer,
    };
  }

  return () =>
    (fetchType: string, name: string, params: Params): Query => {
      const resource = byName.get(name);
      if (!resource) throw new Error(`There is no resource "${name}".`);
      switch (fetchType) {
        case "GET_LIST":
          return list(resource, params);
        case "GET_MANY_REFERENCE":
          return list(resource, { ...params, filter: { ...params.filter, [params.target ?? ""]: params.id } });
        case "GET_MANY":
          return list(resource, {
            filter: { ...unfiltered(resource), ids: params.ids },
            pagination: { page: 1, perPage: params.ids?.length ?? 1 },
          });
        case "GET_ONE":
          return one(resource, params);
        case "CREATE":
          return change(resource, resource.create, params);
        case "UPDATE":
          return change(resource, params.meta?.change ?? resource.update, params);
        case "DELETE":
          return change(resource, resource.remove, { id: params.id });
        default:
          throw new Error(`"${fetchType}" is not offered for ${name}.`);
      }
    };
}

/** A filter that leaves out nothing, also what a list leaves out unasked. */
export function unfiltered({ filters }: Resource): Record<string, null> {
  return Object.fromEntries(
    filters.filter((field) => field.defaultValue !== undefined).map(({ name }) => [name, null]),
  );
}

/**
 * What the screen filters by, as the API takes it: texts trimmed, empty ones left out, a range of days as two moments. Null
 * asks for any value where a list has a value of its own unasked; elsewhere nothing is asked then.
 */
export function toFilter(resource: Resource, filter: Record<string, unknown>): Record<string, unknown> {
  const any = unfiltered(resource);
  const { range: given, ...others } = filter;
  const range = readRange(given);
  const values = Object.entries(others)
    .map(([name, value]) => [name, typeof value === "string" ? value.trim() : value])
    .filter(([name, value]) => value !== "" && value !== undefined && (value !== null || `${name}` in any));
  return { ...Object.fromEntries(values), ...(range ? toInstants(range) : {}) };
}

/** The values that a form's fields name: what the API does not take in (`__typename`, dates) is left out. */
function pick(data: Record<string, unknown>, fields: Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields
      .filter(({ name }) => data[name] !== undefined)
      .map(({ name, fields: inner }) => {
        const value = data[name];
        return [
          name,
          Array.isArray(value) ? value.map((item) => (inner.length > 0 ? pick(item, inner) : item)) : value,
        ];
      }),
  );
}

function join(parts: (string | null | undefined | false)[]): string {
  return parts.filter(Boolean).join(", ");
}
