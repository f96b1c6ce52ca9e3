/** What became of a conversion. Only approved ones count as revenue. */
export enum ConversionStatus {
  PENDING = "PENDING",
  APPROVED = "APPROVED",
  REJECTED = "REJECTED",
}
