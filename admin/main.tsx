import createCache from "@emotion/cache";
import { CacheProvider } from "@emotion/react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { beginPage } from "./pages";

/** Styles that are made here carry the page's nonce, else its Content-Security-Policy does not let them apply. */
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce;
const styles = createCache({ key: "css", nonce });

beginPage(window.location.hash);
createRoot(document.getElementById("root") as HTMLElement).render(
  <CacheProvider value={styles}>
    <App />
  </CacheProvider>,
);
