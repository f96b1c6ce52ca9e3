/** A host that only the browser knows: plain http that is not loopback, as on a local network. */
export const LAN_HOST = "waypost.test";
