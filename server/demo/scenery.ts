/** What the demo's world looks like: flows, and what advertisers say of those who come through them (`people.ts`). */
export const flows = [
  {
    key: "demo-sweepstakes",
    name: "Sweepstakes, smartphones",
    defaultSource: "push",
    paths: [
      { name: "Landing page A", url: "https://win.example/phone?click={click}&sub={sub_id}", weight: 70 },
      { name: "Landing page B", url: "https://win.example/phone-quiz?click={click}&sub={sub_id}", weight: 30 },
    ],
    goals: [
      { key: "lead", name: "Entered", revenue: "1.20", currency: "USD" },
      { key: "confirmed", name: "E-mail confirmed", revenue: "2.80", currency: "USD" },
    ],
  },
  {
    key: "demo-insurance",
    name: "Car insurance, search",
    defaultSource: "google",
    paths: [{ name: "Comparison", url: "https://insure.example/compare?cid={click}&kw={utm_term}", weight: 100 }],
    goals: [
      { key: "quote", name: "Quote asked for", revenue: "6.50", currency: "EUR" },
      { key: "policy", name: "Policy signed", revenue: "48.00", currency: "EUR" },
    ],
  },
  {
    key: "demo-antivirus",
    name: "Antivirus, trial",
    paths: [
      { name: "Trial", url: "https://safe.example/trial?subid={click}&src={source}&geo={country}", weight: 60 },
      { name: "Discount", url: "https://safe.example/minus-40?subid={click}&src={source}&geo={country}", weight: 40 },
    ],
    goals: [{ key: "sale", name: "Bought", revenue: "19.9900", currency: "USD" }],
  },
  {
    key: "demo-dating",
    name: "Знакомства, мобильные",
    defaultCampaign: "spring",
    paths: [{ name: "Registration", url: "https://meet.example/join?aff_sub={click}&c={utm_campaign}", weight: 100 }],
    goals: [{ key: "reg", name: "Registered", revenue: "3.10", currency: "USD" }],
  },
];

export const subIds = ["zone-1042", "zone-77", "zone-3310", "banner-a", "banner-b", "kw-cheap", ""];

/** What advertisers get wrong, as field reports tell: each becomes a refused postback in the log. */
export const brokenPostbacks: Record<string, string>[] = [
  { click: "{click}", status: "approved" },
  { click: "", status: "approved" },
  { click: "f".repeat(32), status: "approved" },
  { click: "CLICK", status: "Genehmigt" },
  { click: "CLICK", payout: "2,50 $" },
];
