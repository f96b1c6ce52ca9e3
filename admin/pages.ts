import { later } from "./later";

/** Pages that are fetched when they are first opened. */
export const DashboardPage = later(async () => (await import("./dashboard/dashboard-page")).DashboardPage);
export const PasswordPage = later(async () => (await import("./account/password-page")).PasswordPage);
export const HelpPage = later(async () => (await import("./help/help-page")).HelpPage);
export const ListPage = later(async () => (await import("./lists/list-page")).ListPage);
export const CreatePage = later(async () => (await import("./forms/form-page")).CreatePage);
export const EditPage = later(async () => (await import("./forms/form-page")).EditPage);
export const JourneyPage = later(async () => (await import("./journey/journey-page")).JourneyPage);
export const TestPage = later(async () => (await import("./postbacks/test-page")).TestPage);

/** By the first word of their path; every other is that of a noun, whose list comes first. */
const pages = new Map<string, { begin(): void }>([
  ["", DashboardPage],
  ["password", PasswordPage],
  ["help", HelpPage],
  ["journey", JourneyPage],
]);

/** Begins to fetch the page at a path, before it is to be shown. */
export function beginPage(path: string): void {
  const [, word = ""] = path.split(/[/?]/);
  (pages.get(word) ?? ListPage).begin();
}
