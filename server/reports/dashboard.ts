import { type EntityManager } from "@mikro-orm/sql";
import { DateTime as ZonedTime } from "luxon";
import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver } from "#type-graphql";
import { ConversionStatus } from "../catalog/conversion-status.js";
import { Flow, FlowStatus } from "../catalog/flow.js";
import { Click } from "../clicks/click.js";
import { Conversion } from "../conversions/conversion.js";
import { type ApiContext } from "../kit/context.js";
import { countedIn } from "../kit/counted-list.js";
import { badInput, excerpt } from "../kit/errors.js";
import { formatMoney } from "../kit/money.js";
import { DateTime, Decimal } from "../kit/scalars.js";
import { sumSql } from "../kit/sums.js";
import { tableOf } from "../kit/table.js";
import { isTimeZone } from "../kit/time-zone.js";
import { joinSum } from "../kit/wide-sum.js";

@ObjectType({ description: "An amount in one currency. Amounts of different currencies are never added up." })
class CurrencyAmount {
  @Field({ description: "ISO 4217 code." }) currency!: string;
  @Field(() => Decimal, { description: "The amount." }) amount!: string;
}

@ObjectType({ description: "The numbers of a local day." })
class Dashboard {
  @Field(() => Int, { description: "Clicks of all flows today." }) clicksToday!: number;
  @Field(() => Int, { description: "Conversions created today, in any status." }) conversionsToday!: number;
  @Field(() => [CurrencyAmount], { description: "Approved revenue of conversions created today, by currency." })
  revenueToday!: CurrencyAmount[];
  @Field(() => Int, { description: "Flows with status ACTIVE that are not deleted." }) activeFlows!: number;
  @Field({ description: "The zone whose day it is." }) timeZone!: string;
  @Field(() => DateTime, { description: "Where the day begins." }) from!: Date;
  @Field(() => DateTime, { description: "Where the next day begins." }) to!: Date;
  @Field(() => DateTime, { description: "The moment that the numbers are of." }) until!: Date;
}

/** What the dashboard needs beside the kit's context. */
export interface ReportContext extends ApiContext {
  /** The zone of "today" where a request names none. */
  timeZone: string;
}

@Resolver()
export class DashboardResolver {
  @Query(() => Dashboard, { description: "Today's numbers, all of one moment." })
  dashboard(
    @Ctx() context: ReportContext,
    @Arg("timeZone", () => String, { nullable: true, description: "IANA zone; the server's TIME_ZONE when left out." })
    timeZone: string | null,
  ): Promise<Dashboard> {
    const zone = timeZone ?? context.timeZone;
    const now = context.now();
    return readDashboard(context.em, { timeZone: zone, ...dayOf(zone, now), until: new Date(now) });
  }
}

/**
 * The local day that a moment falls on, as instants; 23 to 25 hours where clocks change.
 *
 * @throws BAD_USER_INPUT for `timeZone`.
 */
export function dayOf(timeZone: string, ms: number): { from: Date; to: Date } {
  if (!isTimeZone(timeZone)) {
    throw badInput("timeZone", `"${excerpt(timeZone)}" is not an IANA time zone, such as "Europe/Berlin".`);
  }
  const from = beginOf(ZonedTime.fromMillis(ms, { zone: timeZone }));
  return { from: from.toJSDate(), to: beginOf(from.plus({ days: 1 })).toJSDate() };
}

/** Where a moment's day begins; at the first midnight where clocks go back over it and it comes twice (Havana). */
function beginOf(moment: ZonedTime): ZonedTime {
  const midnight = moment.startOf("day");
  const before = midnight.minus({ milliseconds: 1 });
  return before.toISODate() === midnight.toISODate() ? before.startOf("day") : midnight;
}

/** Reads all numbers by one statement, which is of one moment. */
async function readDashboard(
  em: EntityManager,
  day: Pick<Dashboard, "timeZone" | "from" | "to" | "until">,
): Promise<Dashboard> {
  const time = { from: day.from.getTime(), to: day.to.getTime() };
  const clicks = sumSql(em, countedIn(Click, time), { groups: [], sums: [] });
  const conversions = sumSql(em, countedIn(Conversion, time), { groups: ["currency", "status"], sums: ["revenue"] });
  const rows = await em.execute<Summed[]>(
    `select 'clicks' as what, '' as currency, '' as status, n, '0' as revenue, '0' as revenue_whole from (${clicks.sql}) as clicks
    union all select 'conversions', currency, status, n, revenue, revenue_whole from (${conversions.sql}) as conversions
    union all select 'flows', '', '', count(*), '0', '0' from ${tableOf(em, Flow).name} where status = ? and deleted = ?`,
    [...clicks.values, ...conversions.values, FlowStatus.ACTIVE, 0],
  );
  const sum = (what: Summed["what"]) =>
    rows.filter((row) => row.what === what).reduce((total, { n }) => total + Number(n), 0);
  return {
    ...day,
    clicksToday: sum("clicks"),
    conversionsToday: sum("conversions"),
    revenueToday: approvedRevenue(rows),
    activeFlows: sum("flows"),
  };
}

/** One row of what the dashboard's statement answers; revenue in the two parts of `wide-sum.ts`. */
interface Summed {
  what: "clicks" | "conversions" | "flows";
  currency: string;
  status: string;
  n: number | string;
  revenue: string;
  revenue_whole: string;
}

/** Currencies in order; those of which nothing approved is left are not shown. */
function approvedRevenue(rows: Summed[]): CurrencyAmount[] {
  return rows
    .filter(({ status, n }) => status === ConversionStatus.APPROVED && Number(n) > 0)
    .map(({ currency, ...sum }) => ({ currency, amount: formatMoney(joinSum(sum.revenue, sum.revenue_whole)) }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
