import { type PostbackCode } from "../../server/conversions/postback-codes.js";

/** What is sent: a query of our path, or a whole request. `~click~` stands for the hash of a click that is there. */
export type Sending = string | ({ query?: string; path?: string } & RequestInit);

const json = (body: string, query = ""): Sending => ({
  query,
  method: "POST",
  headers: { "content-type": "application/json" },
  body,
});
const typed = (type: string, body: string | Uint8Array<ArrayBuffer>): Sending => ({
  query: "click=~click~",
  method: "POST",
  headers: type ? { "content-type": type } : {},
  body: typeof body === "string" ? Buffer.from(body) : body,
});
const method = (name: string): Sending => ({ query: "click=~click~", method: name });
const keitaro = (query: string): Sending => ({ path: `/~key~/postback?${query}` });
const HASH = "019aab3c5d7e4f60718293a4b5c6d7e8";
const enc = encodeURIComponent;

/** Postbacks that are broken or hostile, by what they come to. */
export const broken = {
  CLICK_MISSING: [
    "",
    "click=",
    "click=%20%09",
    "click=&cid=&subid=",
    "sub2=~click~",
    "sub1=~click~",
    "goal=x&status=approved",
    json("{}"),
    json('{"click":null}'),
    keitaro("click=~click~"),
    keitaro("cid=~click~&clickid=~click~"),
  ],
  CLICK_UNREPLACED: [
    "click={click}",
    "click={{clickid}}",
    "click=[SUB_ID]",
    "click=[[[subid]]]",
    `click=${enc("##CLICK_ID##")}`,
    `click=${enc("#s2#")}`,
    "click=%TRACKER%",
    `click=${enc("<click_id>")}`,
    "click=$SUB1",
    `click=$${"{click_id}"}`,
    "click=REPLACE",
    "click=(clickid)",
    "click=!!!clickRef!!!",
    "click=__CLICKID__",
    "click={url(sid)}",
    `click=${enc("<%= id %>")}`,
    "click=null",
    "click=undefined",
    "click=-",
    "click=click",
    json('{"click":"[object Object]"}'),
    "click=%257Bclick%257D",
    "cid={cid}&subid=~click~",
    keitaro("subid={sub1}"),
  ],
  CLICK_ENCODED_TWICE: [
    `click=${enc(enc(`${HASH.slice(0, 31)}%38`))}`,
    `click=%2520${HASH}`,
    "click=%252561",
    keitaro(`subid=${HASH.slice(0, 30)}%2565%2538`),
  ],
  CLICK_WRONG_CHARACTER: [
    "click=g".padEnd(38, "0"),
    `click=${HASH.slice(0, 31)}o`,
    "click=019aab3c-5d7e-4f60-7182-93a4b5c6d7e8",
    "click=order-1",
    `click=${HASH}_17`,
    "click=ext_id",
    `click=${enc("1' or '1'='1")}`,
    `click=${enc("<img src=x>")}`,
    `click=${enc("../../etc/passwd")}`,
    "click=%00",
    "click=١٢٣",
    `click=${"x".repeat(15_000)}`,
    `click=${enc("{".repeat(1000))}`,
  ],
  CLICK_TOO_SHORT: [`click=${HASH.slice(0, 31)}`, "click=1", "click=0000", `click=${HASH.slice(0, 20)}`],
  CLICK_TOO_LONG: [`click=${HASH}0`, `click=${HASH}${HASH}`, `click=${"0".repeat(15_000)}`],
  CLICK_UNKNOWN: [
    `click=${HASH}`,
    `click=${"0".repeat(32)}`,
    `click=${"f".repeat(32)}`,
    keitaro("subid=ABCDEF0123456789ABCDEF0123456789"),
    keitaro(`subid=${HASH}_17`),
  ],
  PARAMETER_TWICE: [
    "click=~click~&click=~click~",
    "click=~click~&uid=a&uid=b",
    "click=~click~&status=approved&status=approved",
    "click=~click~&approved_status=a&approved_status=b",
    json('{"click":"~click~","uid":"a","uid":"a"}'),
    keitaro("subid=~click~&tid=1&tid=2"),
  ],
  PARAMETER_NOT_TEXT: [
    json('{"click":["~click~"]}'),
    json('{"click":"~click~","uid":{"a":1}}'),
    json('{"click":"~click~","revenue":true}'),
    json('{"click":"~click~","approved_status":["a","b"]}'),
  ],
  GOAL_TOO_LONG: [`click=~click~&goal=${"g".repeat(65)}`, `click=~click~&et=${enc("😀".repeat(65))}`],
  UID_TOO_LONG: [`click=~click~&uid=${"u".repeat(129)}`, keitaro(`subid=~click~&tid=${"t".repeat(15_000)}`)],
  STATUS_UNKNOWN: [
    "click=~click~&status=1",
    "click=~click~&status=-1",
    "click=~click~&status=won",
    "click=~click~&status=approved%20rejected",
    "click=~click~&status=constructor",
    `click=~click~&status=${enc("одобрено")}`,
    "click=~click~&status=2&approved_status=1",
    "click=~click~&status=2&sale_status=2",
    keitaro("subid=~click~&status=2&approved_status=2"),
    keitaro("subid=~click~&status=deposit&lead_status=reg"),
  ],
  STATUS_LIST: [
    "click=~click~&status=approved,rejected",
    keitaro("subid=~click~&status=reg,dep,lead,approve,reject,rebill"),
  ],
  STATUS_MAPPED_TWICE: [
    "click=~click~&status=1&approved_status=1&rejected_status=1",
    "click=~click~&approved_status=a,b&ignore_status=c,B",
    "click=~click~&status=approved&pending_status=x&approved_status=%20X%20",
    keitaro("subid=~click~&lead_status=1&sale_status=2,1"),
  ],
  REVENUE_UNUSABLE: [
    "click=~click~&revenue=1e5",
    "click=~click~&revenue=Infinity",
    "click=~click~&revenue=0x10",
    "click=~click~&revenue=999999999.999900005",
    "click=~click~&revenue=1000000000",
    "click=~click~&revenue=1.2.3",
    "click=~click~&revenue=1,23.45",
    "click=~click~&revenue=1,234,56",
    "click=~click~&revenue=five",
    "click=~click~&revenue=5XYZ",
    "click=~click~&revenue=12.50,7.50",
    "click=~click~&revenue=12.500,",
    "click=~click~&revenue=Rs.50",
    "click=~click~&revenue=5K",
    `click=~click~&revenue=${enc("$5 XYZ")}`,
    keitaro("subid=~click~&payout=12.50,7.50&currency=usd"),
    `click=~click~&revenue=${"1,".repeat(7000)}`,
    json('{"click":"~click~","revenue":1e2}'),
    keitaro("subid=~click~&payout=%D9%A3"),
  ],
  REVENUE_AMBIGUOUS: [
    "click=~click~&revenue=1,234",
    `click=~click~&revenue=${enc("$1,234")}`,
    "click=~click~&revenue=0,500",
    keitaro("subid=~click~&payout=12,345"),
  ],
  REVENUE_NEGATIVE: [
    "click=~click~&revenue=-1",
    "click=~click~&status=approved&payout=-10",
    `click=~click~&revenue=${enc("-$5")}`,
    `click=~click~&revenue=${enc("(4.50)")}`,
    "click=~click~&revenue=4.50-",
    json('{"click":"~click~","revenue":-4.5}'),
    keitaro("subid=~click~&payout=-4.5&tid=9"),
  ],
  REVENUE_CURRENCY: [
    `click=~click~&revenue=${enc("€5")}&currency=USD`,
    "click=~click~&revenue=5%20EUR&currency=usd",
    `click=~click~&revenue=${enc("$5")}&currency=EUR`,
    keitaro(`subid=~click~&payout=${enc("5₽")}&currency=usd`),
    `click=~click~&revenue=${enc("$5 EUR")}`,
    `click=~click~&revenue=${enc("$5 CAD")}&currency=USD`,
    `click=~click~&revenue=${enc("kr 5")}&currency=PLN`,
  ],
  CURRENCY_UNKNOWN: [
    "click=~click~&currency=EURO",
    "click=~click~&currency=840",
    `click=~click~&currency=${enc("€")}`,
    "click=~click~&currency=rub,usd,eur",
    "click=~click~&currency=USDT",
  ],
  BODY_UNREADABLE: [
    json('{"click": '),
    json("[1]"),
    json('"click"'),
    json("{}{}"),
    json(`{"a":${"[".repeat(30_000)}`),
    typed("text/plain", "click=~click~"),
    typed("", "click=~click~"),
    typed("application/xml", "<click/>"),
    typed("multipart/form-data", "--x--"),
    typed("application/json", new Uint8Array([0x7b, 0xff, 0x7d])),
  ],
  BODY_TOO_LARGE: [typed("application/x-www-form-urlencoded", "x".repeat(65_537))],
  KEY_UNKNOWN: [
    { path: "/postback/nobodys-key?click=~click~" },
    { path: "/postback/~key~x?click=~click~" },
    { path: "/postback/%00?click=~click~" },
    { path: "/nobodys-key/postback?subid=~click~" },
  ],
  METHOD_NOT_ALLOWED: [method("PUT"), method("DELETE"), method("PATCH"), method("OPTIONS")],
} satisfies Partial<Record<PostbackCode, Sending[]>>;

/** The path of a sending, and the rest of its request. */
export function requestOf(sending: Sending): { path: string; init: RequestInit } {
  const {
    query = "",
    path = `/postback/~key~?${query}`,
    ...init
  } = typeof sending === "string" ? { query: sending } : sending;
  return { path, init };
}
