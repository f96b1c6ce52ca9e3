import { QueryClient } from "@tanstack/react-query";
import { AdminContext, CoreAdminUI, CustomRoutes, localStorageStore, Notification, Resource } from "react-admin";
import { Route } from "react-router-dom";
import { LoginPage } from "./account/login-page";
import { SignInAgain } from "./account/sign-in-again";
import { SIGN_OUT_PATH, SignOutPage } from "./account/sign-out-page";
import { authProvider } from "./data/auth-provider";
import { createDataProvider } from "./data/data-provider";
import { i18nProvider } from "./i18n";
import { Layout } from "./layout/layout";
import { NotFoundPage } from "./layout/not-found-page";
import { overrideOf } from "./overrides";
import { CreatePage, DashboardPage, EditPage, HelpPage, JourneyPage, ListPage, PasswordPage, TestPage } from "./pages";
import { TEST_PATH } from "./postbacks/test-path";
import { type Resource as Noun } from "./schema/resources";
import { resources } from "./schema/waypost";
import { ColorScheme } from "./theme/color-scheme";
import { createWaypostTheme } from "./theme/theme";
import "@fontsource-variable/geist";
import "@fontsource-variable/geist-mono";
import "./theme/tokens.css";

const themes = { light: createWaypostTheme("light"), dark: createWaypostTheme("dark") };

const dataProvider = createDataProvider(resources);

/** Requests fail and say so also when the browser believes that it is offline; by default they would wait without a word. */
const queryClient = new QueryClient({
  defaultOptions: { queries: { networkMode: "always" }, mutations: { networkMode: "always" } },
});

/** What somebody has chosen for himself in this browser: time zone, colours, columns. */
const store = localStorageStore(undefined, "waypost");

/**
 * The admin: one generic page of each kind for every resource of the schema.
 *
 * Put together from react-admin's parts, and not by `<Admin>`, which brings a layout and a login page of its own along.
 */
export function App() {
  return (
    <AdminContext
      dataProvider={dataProvider}
      store={store}
      authProvider={authProvider}
      queryClient={queryClient}
      i18nProvider={i18nProvider}
      theme={themes.light}
      darkTheme={themes.dark}
    >
      <ColorScheme />
      <CoreAdminUI
        disableTelemetry
        title="Waypost"
        layout={Layout}
        dashboard={DashboardPage}
        loginPage={LoginPage}
        catchAll={NotFoundPage}
        requireAuth
      >
        {resources.map(resourceOf)}
        <CustomRoutes>
          <Route path="/password" element={<PasswordPage />} />
          <Route path={SIGN_OUT_PATH} element={<SignOutPage />} />
          <Route path="/journey/:text?" element={<JourneyPage />} />
          <Route path={TEST_PATH} element={<TestPage />} />
          <Route path="/help/:slug?" element={<HelpPage />} />
        </CustomRoutes>
      </CoreAdminUI>
      <Notification />
      <SignInAgain />
    </AdminContext>
  );
}

function resourceOf(noun: Noun) {
  const { name, create, update } = noun;
  const Form = overrideOf(name).form;
  return (
    <Resource
      key={name}
      name={name}
      recordRepresentation="name"
      list={<ListPage resource={noun} />}
      create={create ? Form ? <Form /> : <CreatePage resource={noun} change={create} /> : undefined}
      edit={update ? Form ? <Form /> : <EditPage resource={noun} change={update} /> : undefined}
    />
  );
}
