import { lazy } from "react";

/** Pages that are fetched when they are first opened. */
export const DashboardPage = lazy(async () => ({
  default: (await import("./dashboard/dashboard-page")).DashboardPage,
}));
export const PasswordPage = lazy(async () => ({ default: (await import("./account/password-page")).PasswordPage }));
export const HelpPage = lazy(async () => ({ default: (await import("./help/help-page")).HelpPage }));
export const ListPage = lazy(async () => ({ default: (await import("./lists/list-page")).ListPage }));
export const CreatePage = lazy(async () => ({ default: (await import("./forms/form-page")).CreatePage }));
export const EditPage = lazy(async () => ({ default: (await import("./forms/form-page")).EditPage }));
export const JourneyPage = lazy(async () => ({ default: (await import("./journey/journey-page")).JourneyPage }));
export const TestPage = lazy(async () => ({ default: (await import("./postbacks/test-page")).TestPage }));
