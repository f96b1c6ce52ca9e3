import { registerEnumType } from "#type-graphql";

/** What became of a conversion. Only approved ones count as revenue. */
export enum ConversionStatus {
  PENDING = "PENDING",
  APPROVED = "APPROVED",
  REJECTED = "REJECTED",
}
registerEnumType(ConversionStatus, {
  name: "ConversionStatus",
  description: "Only approved conversions count as revenue.",
});
