import { type AddressFileKind, type Entry } from "./address-file.js";
import { ASN_MAX, ISP_MAX } from "./click.js";

/** The network that an address belongs to: its number and its name. */
export interface Network {
  asn: number | null;
  isp: string | null;
}

/** Network of an IP address; both null where nothing says it. */
export type NetworkOf = (ip: string) => Network;

/** Networks. None comes with Waypost: an operator puts GeoLite2 ASN, DB-IP ASN Lite or another of their form there. */
export const asnFile: AddressFileKind<Network> = {
  name: "asn.mmdb",
  packaged: null,
  holds: "networks",
  read: (entry) => {
    const {
      autonomous_system_number: number,
      asn,
      autonomous_system_organization: owner,
      isp,
      as_name,
    } = entry as AsnEntry;
    if (number === undefined && asn === undefined) return undefined;
    const given = Number(number ?? String(asn).replace(/^AS/i, ""));
    const name = isp ?? owner ?? as_name;
    return {
      asn: Number.isInteger(given) && given > 0 && given <= ASN_MAX ? given : null,
      isp: (typeof name === "string" && name.trim().slice(0, ISP_MAX).toWellFormed()) || null,
    };
  },
};

/** As MaxMind and DB-IP, or IPinfo have it. */
interface AsnEntry extends Entry {
  autonomous_system_number?: number;
  autonomous_system_organization?: string;
  isp?: string;
  asn?: number | string;
  as_name?: string;
}
