import "reflect-metadata";
import { describe, expect, it } from "vitest";
import { nothingIn, unreplacedMacro } from "../../server/conversions/unreplaced-macro.js";
import { parseParameters } from "../../server/kit/parameters.js";
import { networks } from "../../server/presets/network.js";
import { trafficSources } from "../../server/presets/traffic-source.js";
import templates from "../data/keitaro-templates.json" with { type: "json" };

/** Every value of the templates that has a sign of a macro in it. */
const ofTemplates = Object.values(templates)
  .flatMap((template) => Object.values(parseParameters(template) as Record<string, string>))
  .filter((value) => /[{}[\]<>#%$]|^replace$/i.test(value));
const ofPresets = networks.flatMap(({ click, revenue, currency, uid, status }) =>
  [click, revenue, currency, uid, status].flat().filter((value) => /[{}[\]<>#%$]/.test(value ?? "")),
);
const ofSources = trafficSources.flatMap(({ link }) => link.split("&").map((pair) => pair.replace(/^[^=]*=/, "")));

/** Things that stand for nothing, by what makes them so; apart from each other by spaces, in which `·` is a space. */
const nothing = {
  "brackets of any kind around a name":
    "{x} {{x}} {{{x}}} {{·click_id·}} {·click·} (clickid) (·id·) (S_SOURCE) [X] [[x]] [[[x]]] <x> <·x·> <click_id> <click·id> «x» ‹x› “x” 【id】 （id） [Your·Click·ID] {p:sub} {lead.Sub1} {sub_id_№} {sub_id_10} {deadbeef-cafe} „x“ ‚x‘ »x« 『x』 〔x〕 ⟨x⟩ ❮x❯ ＜x＞ {ключ} <ваш·id> {ifsearch:[value]} {payout*0.8} {x['y']} {x;y}",
  "signs between the brackets and the name":
    "[=XID1=] [+SID+] {%PLACE_ID%} {$click_id} {!id} {id!} {id?} {:id} {@id} {#id} {#id#} <#id#> [%x%] <$x$> <!--x--> {;x} \\{x\\}",
  "brackets and signs around a macro":
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are macros.
    '({x}) [{x}] {[x]} <<x>> (((x))) #{x}# ${x}$ @{x}@ %{x}% {{x} {x}} #[x]# €{payout} ={{·$json.id·}} "{x} {x}& {x}? ({x})-({y})',
  "the same signs on both sides of a name":
    "##X## #x# #id# %X% %source_id% %PHONE_NUMBER% %%CLICK%% %id% %x% __cid__ __click_id__ ¤x¤ ´x´ %ecid! !!!clickRef!!! !x! @id@ ~id~ *id* |id| ^id^ +SID+ =id= :id: ;id; &id& ?id? `id` $$id$$ __CLICKID__ --id-- -source- -catname- _CLICKID_",
  "signs before a name":
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are macros.
    "$X $id $click_id $USER_ID ${x} $(id) $[id] %{app_id} #{id} @{id} *{id} %s %d %1$s %.2f %ld $x->y $_GET['x'] $row[id]",
  "a template's expression":
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are macros.
    "${(id)!} ${id:-none} {{·id·|·default·}} {{#if·x}} {{order.id}} {{=it.id}} {%·if·x·%} {{·f(1)·}} <%=·id·%> <%·id·%> <?php·echo·$id;·?> <?=·$id·?> {#·note·#} [%·x·%] *|CLICK|* {url(sid)} {id|default} %(id)s {status:·lead=lead·sale=dep·rejected=cancel} %%=v(@x)=%%",
  "several of them":
    "{transactionid}_{goal} {transactionid}{goal} ##CPA_AMOUNT##,##RS_AMOUNT## [a]-[b] {a}|{b} {a}+{b} {a}~{b} [a]_{b}_#c# ##A##_##B## %a%-%b% %A%%B% $a-$b $a$b",
  "quotes around one of them": `"{x}" '##x##' "null" "" '·undefined·'`,
  "a word of emptiness":
    "null NULL Null undefined none None nil <nil> NaN nan N/A n/a n.a. NA OPTIONAL optional (null) {null} [null] [object·Object] object·Object \\N (not·set) not·set unset empty blank #N/A #REF! #NULL! (none) not_available NOT-SET notset no·data dbnull System.DBNull NSNull <null> -nan Array array() #ERROR! null_null undefined-undefined null,null none·none",
  "the UUID that is none": "00000000-0000-0000-0000-000000000000 {00000000-0000-0000-0000-000000000000}",
  "what is still to be put in":
    "REPLACE replace [REPLACE] REPLACE_AID REPLACE-WITH-KEY YOUR_ID your-parameter yourvalue your·id XXXXXX xxxx XXXXXXXX-XXXX REPLACE_ME CHANGEME CLICK_ID_HERE INSERT_CLICK_ID_HERE your·key·here TAPGAGE_VAR_CLICKID",
  "signs alone": "- -- --- ... … ??? {} [] () <> ###### _ __ * , / : — | \u200b \u200b-",
  "one of them as HTML writes it": "&lt;click_id&gt; &#123;x&#125; &#x7b;x&#x7D; &quot;null&quot; &lt;null&gt;",
  "one of them with invisible characters": "\u200b{x}\ufeff null\u200b null\u0000 {\u200ex}",
};
const values =
  `order-84211 order{1} 12345_{goal} a{x} {x}b {0} {x x} [1] #1234 #12345 #AB1234 #1# $ $1 $5 $5.00 $12.50·CAD USD$5 € 5% 100% 100%% %zz% %20 50%d
  100%·of·%·it <1> {click}&x replaced nullable-9 null1 undefined_2 NONE-7 Nullsson none@none.com NaNa optional-2 xx xXx-9 x·x (555)·1234 (+1)·5551234 (12,50)
  [12345] {12345} {{12345}} [[1,2]] ["a"] {"a":1} {"click":"x"} (A-20241117-0001) {a1b2c3d4} [AB12-CD34] _7f3a_ __1__ ##12345## A_B A__B __proto__ __init__ _id_ %2e%2e%2f A-B-C _user user_ __a -a a- abc# abc$
  ~1 -1 -5 - 1_000 a:b a|b a=b x-y id clickid ext_id payout sale void unknown test false true 0 000 n No T/123/A /checkout/ ?id=4 @john john@example.com <john@example.com>
  +49·30·1234 *1234 ****1234 'ord-1' "ORD" YWJjZA== YWJj/+8= http://x.example/{z} <img·src=x> ORDER·#5 😀 {😀} 019aab3c5d7e4f60718293a4b5c6d7e8 (019aab3c5d7e4f60718293a4b5c6d7e8)
  {6F9619FF-8B86-D011-B42D-00C04FC964FF} {af9619ff-8b86-d011-b42d-00c04fc964ff} {{AF9619FF-8B86-D011-B42D-00C04FC964FF}} %7BAF9619FF-8B86-D011-B42D-00C04FC964FF%7D
  [af9619ff-8b86-d011-b42d-00c04fc964ff] {AF9619FF-8B86-D011-B42D-00C04FC964FF}_{goal} [2001:db8::1] 2026-11-30T10:00:00Z 12.50, ,7.50
  <CAGxyz1234@mail.gmail.com> *ABC-1234* -V1StGXR8_Z5jdHi6B- +/8= #ord-1234# ~1~ =?utf-8?Q?abc?= O'Brien AT&T (c)·2026 ★1★ $abc-1234 __1234__ __a1234__
  null_1 null_a nannan NA-1 TBD TODO tbd-1 arrays Array2 no·values not·found not_found nonesuch click·here change XXX XXX-1 00000000-0000-0000-0000-000000000001
  0x0 0000000000000000 #undefined1 &lt;5&gt; €5 $row1234 %5d %41 订单号5 № №5`
    .split(/\s+/)
    .filter((text) => text !== "-");
const split = (texts: string) => texts.split(/ /).map((text) => text.replaceAll("·", " "));

describe("A value that stands for nothing", () => {
  it("2.9 is recognised in every style of 192 networks' templates, of our presets and of 98 traffic sources", () => {
    expect(ofTemplates.length).toBeGreaterThan(500);
    const missed = (texts: (string | undefined)[]) => texts.filter((text) => text && unreplacedMacro(text) === null);
    expect(missed([...ofTemplates, ...ofPresets])).toEqual([]);
    expect(missed(ofSources.filter((value) => /[{}[\]<>#%$()]|^-.*-$|^__/.test(value)))).toEqual([]);
  });

  it.each(Object.entries(nothing))("2.9 is %s", (_, texts) => {
    expect(split(texts).filter((text) => nothingIn(text) !== text)).toEqual([]);
  });

  it.each([
    ["%7Bclick%7D", "{click}"],
    ["%257Bclick%257D", "{click}"],
    ["%5BSUB1%5D", "[SUB1]"],
    ["%23%23X%23%23", "##X##"],
    ["%28null%29", "(null)"],
    ["N%2FA", "N/A"],
    ["%257B%257Bclick%257D%257D", "{{click}}"],
    ["%C2%ABx%C2%BB", "«x»"],
    ["%7Bx%7D%", "{x}%"],
    ["%20null%20", " null "],
    ["%26lt%3Bx%26gt%3B", "&lt;x&gt;"],
  ])("2.9 is recognised when it was encoded twice: %s", (text, shown) => {
    expect(nothingIn(text)).toBe(shown);
  });

  it("2.9 is not what only looks odd: an id, an amount, an address, a text with a macro in it", () => {
    expect(values.length).toBeGreaterThan(100);
    expect(values.map((text) => text.replaceAll("·", " ")).filter((text) => nothingIn(text) !== null)).toEqual([]);
    for (const long of [
      `{${"x".repeat(65)}}`,
      "{x}".repeat(100),
      "x".repeat(64),
      "X".repeat(128),
      "",
      `$${"{jndi:ldap://x.example/a}"}`,
    ])
      expect([long, nothingIn(long)]).toEqual([long, null]);
  });

  it("2.9 is a macro where words are listed: a word for nothing may be one of them", () => {
    for (const word of ["none", "null", "N/A", "-"]) expect(unreplacedMacro(word)).toBeNull();
    for (const macro of ["{none}", "REPLACE", "##WORDS##"]) expect(unreplacedMacro(macro)).toBe(macro);
  });

  it("2.9 takes no more steps than a text has room for, whatever it is made of", () => {
    // Anything longer is a value at once; what is shorter has at most 256 places at which each form is looked for.
    for (const sign of [
      "{",
      "{{",
      "<%",
      "((a",
      "$a",
      "#a",
      "_a",
      "-",
      '"',
      "%25",
      "${(",
      "your -",
      "[[",
      "({[",
      "null_",
      "&#1;",
      "x-X",
      "$a->",
      "a id",
    ])
      for (const length of [256, 8192]) expect(nothingIn(sign.repeat(length).slice(0, length).concat("é"))).toBeNull();
  });
});
