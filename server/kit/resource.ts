import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from "#graphql";
import {
  Arg,
  Ctx,
  Field,
  ID,
  Info,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from "#type-graphql";
import { keyOf, readSerialId } from "./column.js";
import { type Where } from "./condition.js";
import { type ApiContext, type EntityClass } from "./context.js";
import { type Order } from "./cursor.js";
import { createFilter, type FilterInput, type SpecialFilter } from "./filter.js";
import { readId } from "./id.js";
import { checkPage, type Page, PER_PAGE_DEFAULT, PER_PAGE_MAX, readPage } from "./list.js";
import { readRows } from "./rows.js";
import { DateTime } from "./scalars.js";

/** How a noun is offered by GraphQL: a list with filter, sort and pages, and a single item. */
export interface ResourceOptions {
  /** The query's name for one; the list's is `plural`. */
  singular: string;
  plural: string;
  /** Facts have time-ordered ids, are filtered by time and sort by time only. */
  fact: boolean;
  /** Conditions beyond equality with a column. */
  filters?: Record<string, SpecialFilter>;
  /** The sort type, where there is a choice. */
  sort?: SortChoice;
  /** What a single item must fulfil: others are only found by a list that is asked for them. */
  single?: Where;
}

export interface SortChoice {
  input: EntityClass<SortInput>;
  /** The column behind each value of the sort's field; null: the key of the noun. */
  columns: Record<string, string | null>;
}

interface SortInput {
  field: string;
  order: keyof typeof SortOrder;
}

export enum SortOrder {
  ASC = "ASC",
  DESC = "DESC",
}
registerEnumType(SortOrder, { name: "SortOrder", description: "Which end comes first." });

@ObjectType({ description: "Where a page stands in its list." })
class PageInfo {
  @Field({ description: "Whether there is more after this page." }) hasNextPage!: boolean;
  @Field(() => String, { nullable: true, description: "Give it as `after` to read on; null on an empty page." })
  endCursor!: string | null;
}

/** Makes the sort type `NameSort` with its enum `NameSortField` from the columns it can sort by. */
export function createSort(name: string, columns: Record<string, string | null>): SortChoice {
  const fields = Object.fromEntries(Object.keys(columns).map((field) => [field, field]));
  registerEnumType(fields, { name: `${name}SortField`, description: "What a list can be sorted by." });
  class Sort implements SortInput {
    field!: string;
    order!: keyof typeof SortOrder;
  }
  Field(() => fields as never, { description: "What to sort by." })(Sort.prototype, "field");
  Field(() => SortOrder, { description: "In which direction." })(Sort.prototype, "order");
  InputType(`${name}Sort`, { description: "The order of a list." })(Sort);
  return { input: Sort, columns };
}

/** All facts sort by time, which is the order of their keys. */
export const factSort = createSort("Fact", { CREATED_AT: null });

interface ListArguments {
  filter?: FilterInput | null;
  sort?: SortInput | null;
}

/** Makes the resolver of a noun: the queries `plural` and `singular`. */
export function createResource<T extends object>(entity: EntityClass<T>, options: ResourceOptions): EntityClass {
  const { singular, plural, fact, sort, single = [] } = options;
  const { type: Filter, where: whereOf } = createFilter({ entity, fact, special: options.filters ?? {} });
  const Page = createPageType(entity, fact);

  @Resolver()
  class Resource {
    @Query(() => Page, { name: plural, description: `A page of ${plural}, newest first unless sorted otherwise.` })
    async list(
      @Ctx() context: ApiContext,
      @Arg("filter", () => Filter, { nullable: true }) filter: FilterInput | null,
      @Arg("page", () => Int, { nullable: true, defaultValue: 1, description: "Counted from 1." }) page: number | null,
      @Arg("perPage", () => Int, {
        nullable: true,
        defaultValue: PER_PAGE_DEFAULT,
        description: `1 to ${PER_PAGE_MAX}.`,
      })
      perPage: number | null,
      @Arg("after", () => String, { nullable: true, description: "The endCursor to read on from." }) after:
        | string
        | null,
      @Info() info: GraphQLResolveInfo,
      sortInput?: SortInput | null,
    ): Promise<Page<T> & { completeUntil?: Date }> {
      const request = { page: page ?? 1, perPage: perPage ?? PER_PAGE_DEFAULT, after };
      checkPage(request);
      const given: ListArguments = { filter, sort: sortInput };
      const order = orderOf(entity, sort, given.sort);
      const isRead = fact && order.direction === "asc";
      // Before the rows: what is stored after they were read is not among them.
      const completeUntil = isRead || asksFor(info, "completeUntil") ? await context.completeUntil() : undefined;
      const where = whereOf(isRead ? upTo(completeUntil, given.filter) : (given.filter ?? {}));
      const read = await readPage(context.em, { entity, fact }, where, order, request);
      return { ...read, completeUntil };
    }

    @Query(() => entity, {
      name: singular,
      nullable: true,
      description: `One of the ${plural}; null when there is none.`,
    })
    async single(@Ctx() context: ApiContext, @Arg("id", () => ID) id: string): Promise<T | null> {
      const known = fact ? readId(id) : readSerialId(id);
      if (known === null) return null;
      const where: Where = [...single, { property: "id", is: "=", value: known }];
      const [row] = await readRows(context.em, entity, { where, order: [["id", "asc"]] });
      return row ?? null;
    }
  }
  if (sort) Arg("sort", () => sort.input, { nullable: true })(Resource.prototype, "list", 6);
  return Resource;
}

/**
 * The filter of a list of facts that begins with the oldest: it ends at the moment up to which it is complete, so that
 * whoever reads on behind its last row misses nothing that is stored later.
 */
function upTo(completeUntil: Date | undefined, filter: FilterInput | null | undefined): FilterInput {
  const ends = [filter?.to, completeUntil].filter((end) => end instanceof Date);
  return { ...filter, to: new Date(Math.min(...ends.map((end) => end.getTime()))) };
}

/** Whether a query asks for a field of what it answers, also by way of fragments. */
function asksFor({ fieldNodes, fragments }: GraphQLResolveInfo, field: string): boolean {
  const isIn = (set: SelectionSetNode | undefined): boolean =>
    set?.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === field;
      return isIn(
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments[selection.name.value]?.selectionSet
          : selection.selectionSet,
      );
    }) ?? false;
  return fieldNodes.some(({ selectionSet }) => isIn(selectionSet));
}

function createPageType(entity: EntityClass, fact: boolean): EntityClass {
  class Page {}
  Field(() => [entity], { description: "The page's rows, in order." })(Page.prototype, "items");
  const total = "How many rows the filter leaves, on all pages.";
  const upTo = fact ? " In ascending order: those from before `completeUntil`." : "";
  Field(() => Int, { description: total + upTo })(Page.prototype, "totalCount");
  Field(() => PageInfo, { description: "Where the page stands." })(Page.prototype, "pageInfo");
  if (fact) {
    const description =
      "All from before this moment is stored. In ascending order a page holds nothing newer: who reads on by `after` misses nothing.";
    Field(() => DateTime, { description })(Page.prototype, "completeUntil");
  }
  ObjectType(`${entity.name}Page`, { description: `One page of a list of ${entity.name}.` })(Page);
  return Page;
}

function orderOf(entity: EntityClass, sort: SortChoice | undefined, given: SortInput | null | undefined): Order {
  const property = (given && sort?.columns[given.field]) ?? keyOf(entity);
  return { property, direction: given?.order === SortOrder.ASC ? "asc" : "desc" };
}
