/** The pages of the help in their order; their texts are `docs/help/SLUG.md`. */
export const helpPages = [
  { slug: "flows-paths-and-goals", title: "Flows, paths and goals" },
  { slug: "click-tracking-and-macros", title: "Click tracking and macros" },
  { slug: "postback-integration", title: "Postback integration" },
  { slug: "monitoring-and-reports", title: "Monitoring and reports" },
  { slug: "signing-in", title: "Signing in" },
] as const;

export type HelpSlug = (typeof helpPages)[number]["slug"];

/** Where each screen is explained: a page, and the heading in it where it is a part of a page. */
export const helpOf = {
  dashboard: { slug: "monitoring-and-reports" },
  flows: { slug: "flows-paths-and-goals" },
  clicks: { slug: "click-tracking-and-macros" },
  conversions: { slug: "monitoring-and-reports", heading: "conversions" },
  postbackLogs: { slug: "monitoring-and-reports", heading: "postback-log" },
  "postbackLogs/test": { slug: "monitoring-and-reports", heading: "testing-a-postback" },
  postbackKeys: { slug: "postback-integration" },
  putAsides: { slug: "monitoring-and-reports", heading: "put-aside" },
  journey: { slug: "monitoring-and-reports", heading: "journey-of-a-click" },
  password: { slug: "signing-in", heading: "your-password" },
} as const satisfies Record<string, { slug: HelpSlug; heading?: string }>;

/** The address of a page of the help, or of a heading in it. */
export function helpPath({ slug, heading }: { slug: HelpSlug; heading?: string }): string {
  return `/help/${slug}${heading ? `#${heading}` : ""}`;
}
