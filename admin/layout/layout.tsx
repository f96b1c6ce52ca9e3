import { type ReactNode, Suspense, useEffect } from "react";
import { type CoreLayoutProps, useTranslate } from "react-admin";
import { ErrorBoundary } from "react-error-boundary";
import { NavLink, useLocation } from "react-router-dom";
import { beginPage } from "../pages";
import { useTitles } from "../schema/title";
import { Brand } from "./brand";
import { Icon, isIcon } from "./icons";
import { daily, seldom } from "./places";
import { TopBar } from "./top-bar";
import { Trouble } from "./trouble";
import "./layout.css";

/** The frame around every page: menu on the left (below, on a phone), bar above. */
export function Layout({ children }: CoreLayoutProps) {
  const translate = useTranslate();
  const titleOf = useTitles();
  const { pathname, search } = useLocation();
  const section = pathname.split("/")[1];
  const title = section ? titleOf(section) : translate("waypost.menu.dashboard");
  useEffect(() => {
    document.title = `${title} · ${translate("waypost.name")}`;
  }, [title, translate]);
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => document.getElementById("content")?.focus()}>
        {translate("waypost.skip")}
      </button>
      <nav className="menu" aria-label={translate("waypost.name")}>
        <Brand />
        <MenuLink to="/" icon="dashboard" text={translate("waypost.menu.dashboard")} />
        {daily.map((name) => (
          <MenuLink key={name} to={`/${name}`} icon={name} text={titleOf(name)} />
        ))}
        <span className="menu-group">{translate("waypost.menu.setup")}</span>
        {seldom.map((name) => (
          <MenuLink key={name} to={`/${name}`} icon={name} text={titleOf(name)} />
        ))}
        <span className="spring" />
        <MenuLink to="/help" icon="help" text={translate("waypost.menu.help")} />
      </nav>
      <TopBar />
      {/* The address changes at once, and the page when it can: whoever reads it by a program sees which place it shows. */}
      <main id="content" tabIndex={-1} data-place={pathname + search}>
        <ErrorBoundary key={pathname} FallbackComponent={Failure}>
          <Suspense fallback={null}>{children}</Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}

function MenuLink({ to, icon, text }: { to: string; icon: string; text: ReactNode }) {
  return (
    <NavLink to={to} end={to === "/"} className="menu-link" onPointerEnter={() => beginPage(to)}>
      {isIcon(icon) && <Icon name={icon} />}
      <span>{text}</span>
    </NavLink>
  );
}

function Failure({ error, resetErrorBoundary }: { error: unknown; resetErrorBoundary: () => void }) {
  return <Trouble error={error} retry={resetErrorBoundary} />;
}
