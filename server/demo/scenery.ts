/** What the demo's world looks like: flows, and the people who come through them. */
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

/** Shares of browsers, roughly as they come. */
export const userAgents = [
  "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Linux; Android 13; Redmi Note 12) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
  "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
];

/** First two bytes of addresses in many countries. */
export const networks = [
  "8.8",
  "81.2",
  "185.60",
  "177.10",
  "41.0",
  "103.21",
  "49.36",
  "88.198",
  "212.58",
  "200.45",
  "114.80",
  "5.18",
];

export const sources = ["google", "facebook", "push", "tiktok", "newsletter", ""];
export const subIds = ["zone-1042", "zone-77", "zone-3310", "banner-a", "banner-b", "kw-cheap", ""];

/** What advertisers get wrong, as field reports tell: each becomes a refused postback in the log. */
export const brokenPostbacks: Record<string, string>[] = [
  { click: "{click}", status: "approved" },
  { click: "", status: "approved" },
  { click: "f".repeat(32), status: "approved" },
  { click: "CLICK", status: "Genehmigt" },
  { click: "CLICK", payout: "2,50 $" },
];
