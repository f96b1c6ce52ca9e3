import { type UseQueryResult } from "@tanstack/react-query";
import { type HttpError } from "react-admin";
import { type Row } from "../cells/cell";
import { useAsked } from "../data/use-asked";

const WAITING_MS = 2500;

type Entry = Row & { id: string; createdAt: string };

export interface NewFlow {
  id: string;
  name: string;
  trackingUrl: string;
  paths: { active: boolean }[];
}
export interface NewKey {
  id: string;
  url: string;
}

/** The newest of everything that stands between an empty system and its first conversion. */
export interface FirstSteps {
  flows: { items: NewFlow[]; totalCount: number };
  /** Those that take clicks, if they have an active path. */
  activeFlows: { items: NewFlow[] };
  clicks: { items: Entry[]; totalCount: number };
  conversions: { items: Entry[]; totalCount: number };
  postbackKeys: { items: NewKey[] };
}

const FIRST_STEPS = `query firstSteps {
  flows(perPage: 1) { items { ...flow } totalCount }
  activeFlows: flows(filter: {status: ACTIVE}, perPage: 1) { items { ...flow } }
  clicks(perPage: 1) { items { id country createdAt } totalCount }
  conversions(perPage: 1) { items { id flow { id name } status revenue currency createdAt } totalCount }
  postbackKeys(perPage: 1) { items { id url } }
}
fragment flow on Flow { id name trackingUrl paths { active } }`;

/** How far a system has come on the way to its first conversion; asked until it is there. */
export function useFirstSteps(): UseQueryResult<FirstSteps, HttpError> {
  return useAsked<FirstSteps>(
    FIRST_STEPS,
    {},
    { everyMs: (steps) => (steps && steps.conversions.totalCount > 0 ? false : WAITING_MS) },
  );
}

/** The flow whose tracking URL a visitor may open now. */
export function openFlow({ activeFlows }: FirstSteps): NewFlow | undefined {
  return activeFlows.items.find(({ paths }) => paths.some(({ active }) => active));
}
