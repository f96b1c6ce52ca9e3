import { type ConversionStatus } from "../generated/types";

/** What a conversion can be set to, in the order in which it is offered. */
export const statuses = ["APPROVED", "REJECTED", "PENDING"] as const satisfies ConversionStatus[];
