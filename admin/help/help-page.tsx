import { useTranslate } from "react-admin";
import { Link, NavLink, useParams } from "react-router-dom";
import { type Later, later } from "../later";
import { HelpArticle } from "./help-article";
import { helpPages, helpPath } from "./help-pages";
import "./help.css";

const files = import.meta.glob<string>("../../docs/help/*.md", { query: "?raw", import: "default" });

/** The pages as they stand in docs/help, each fetched when it is first opened. */
const articles = new Map<string, Later<object>>(
  Object.entries(files).map(([file, read]) => [
    file.replace(/^.*\/|\.md$/g, ""),
    later(async () => {
      const text = await read();
      return () => <HelpArticle text={text} />;
    }),
  ]),
);

/** The help: its pages beside the one that is open; without one, their list alone. */
export function HelpPage() {
  const { slug } = useParams();
  const Article = slug && articles.get(slug);
  return Article ? (
    <div className="help">
      <PageList />
      <div>
        <Article />
        <Neighbours slug={slug} />
      </div>
    </div>
  ) : (
    <Contents isMissing={slug !== undefined} />
  );
}

function Contents({ isMissing }: { isMissing: boolean }) {
  const translate = useTranslate();
  return (
    <div className="help help-contents">
      <div className="page-head">
        <h1>{translate("help.title")}</h1>
      </div>
      {isMissing && <p role="alert">{translate("help.missing")}</p>}
      <PageList />
    </div>
  );
}

function PageList() {
  const translate = useTranslate();
  return (
    <nav className="help-pages" aria-label={translate("help.pages")}>
      {helpPages.map(({ slug, title }) => (
        <NavLink key={slug} to={helpPath({ slug })} className="menu-link">
          {title}
        </NavLink>
      ))}
    </nav>
  );
}

function Neighbours({ slug }: { slug: string }) {
  const translate = useTranslate();
  const place = helpPages.findIndex((page) => page.slug === slug);
  const [previous, next] = [helpPages[place - 1], helpPages[place + 1]];
  return (
    <p className="help-neighbours">
      {previous && (
        <Link to={helpPath(previous)} rel="prev">
          {translate("help.previous", { title: previous.title })}
        </Link>
      )}
      <span className="spring" />
      {next && (
        <Link to={helpPath(next)} rel="next">
          {translate("help.next", { title: next.title })}
        </Link>
      )}
    </p>
  );
}
