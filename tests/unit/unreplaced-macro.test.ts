import "reflect-metadata";
import { describe, expect, it } from "vitest";
import { unreplacedMacro } from "../../server/conversions/unreplaced-macro.js";
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

describe("A macro that was never replaced", () => {
  it("is recognised in every style of 192 networks' templates, of our presets and of 98 traffic sources", () => {
    expect(ofTemplates.length).toBeGreaterThan(500);
    expect([...ofTemplates, ...ofPresets].filter((value) => unreplacedMacro(value as string) === null)).toEqual([]);
    expect(ofSources.filter((value) => /[{}[\]<>#%$]/.test(value) && unreplacedMacro(value) === null)).toEqual([]);
  });

  it.each([
    "{x}",
    "{{x}}",
    "{{ click_id }}",
    "{p:sub}",
    "{lead.Sub1}",
    "{sub_id_№}",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the macro.
    "${x}",
    "$X",
    "[X]",
    "[[[x]]]",
    "[=XID1=]",
    "[+SID+]",
    "{%PLACE_ID%}",
    "{$click_id}",
    "%{app_id}",
    "%source_id%",
    "##X##",
    "#x#",
    "%X%",
    "%PHONE_NUMBER%",
    "<x>",
    "<click_id>",
    "REPLACE",
    "replace",
    "[REPLACE]",
    "{transactionid}_{goal}",
    "{transactionid}{goal}",
    "{deadbeef-cafe}",
    "##CPA_AMOUNT##,##RS_AMOUNT##",
  ])("is %s", (text) => {
    expect(unreplacedMacro(text)).toBe(text);
  });

  it.each([
    ["%7Bclick%7D", "{click}"],
    ["%257Bclick%257D", "{click}"],
    ["%5BSUB1%5D", "[SUB1]"],
    ["%23%23X%23%23", "##X##"],
  ])("is recognised when it was encoded twice: %s", (text, macro) => {
    expect(unreplacedMacro(text)).toBe(macro);
  });

  it.each([
    "",
    "order-84211",
    "12345_{goal}",
    "a{x}",
    "{x}b",
    "{}",
    "{0}",
    '{"a":1}',
    "{x",
    "x}",
    "[1]",
    "[object Object]",
    "#1234",
    "#1#",
    "$ne",
    "$5",
    "$5.00",
    "$",
    "5%",
    "%zz%",
    "100% of % it",
    "<1>",
    "< x >",
    "{click}&x",
    "replaced",
    "replace me",
    "019aab3c5d7e4f60718293a4b5c6d7e8",
    "{AF9619FF-8B86-D011-B42D-00C04FC964FF}",
    "{af9619ff-8b86-d011-b42d-00c04fc964ff}",
    "%7BAF9619FF-8B86-D011-B42D-00C04FC964FF%7D",
    "[af9619ff-8b86-d011-b42d-00c04fc964ff]",
    "{AF9619FF-8B86-D011-B42D-00C04FC964FF}_{goal}",
    "_",
    ", ,",
    `{${"x".repeat(65)}}`,
    `${"{x}".repeat(100)}`,
  ])("is not %s", (text) => {
    expect(unreplacedMacro(text)).toBeNull();
  });
});
