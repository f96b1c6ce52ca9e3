import { type FlowStatus } from "../catalog/flow.js";

/** Why a tracking URL leads nowhere: code, HTTP status and what the visitor reads. The list is closed. */
export const clickRefusals = {
  FLOW_NOT_FOUND: { status: 404, message: "There is nothing at this address." },
  FLOW_PAUSED: { status: 403, message: "This link is paused at the moment." },
  FLOW_ARCHIVED: { status: 410, message: "This link has ended." },
  FLOW_WITHOUT_PATH: { status: 503, message: "This link leads nowhere at the moment." },
  LOOK_AHEAD: { status: 503, message: "" },
  METHOD_NOT_ALLOWED: { status: 405, message: "A tracking URL is opened with GET." },
  STORAGE_DOWN: { status: 503, message: "This link cannot be opened at the moment: please try again." },
} as const;

export type ClickRefusalCode = keyof typeof clickRefusals;

/** A tracking URL that leads nowhere. */
export class ClickRefusal extends Error {
  constructor(readonly code: ClickRefusalCode) {
    super(clickRefusals[code].message);
  }
}

/** What a flow that takes no clicks answers. */
export const refusalOfStatus: Partial<Record<FlowStatus, ClickRefusalCode>> = {
  PAUSED: "FLOW_PAUSED",
  ARCHIVED: "FLOW_ARCHIVED",
};
