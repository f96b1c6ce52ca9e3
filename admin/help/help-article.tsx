import Markdown, { type MarkdownToJSX, RuleType } from "markdown-to-jsx/react";
import { type ComponentProps, useEffect, useRef } from "react";
import { Link, useLocation } from "react-router-dom";
import { CopyButton } from "../cells/copy-button";
import "../cells/cells.css";

const options: MarkdownToJSX.Options = {
  overrides: { a: PageLink, table: WideTable },
  renderRule: (next, node, _, { key }) =>
    node.type === RuleType.codeBlock ? <CodeBlock key={key} text={node.text} /> : next(),
};

/** A page of the help. It opens at the heading that the address names, else at its top. */
export function HelpArticle({ text }: { text: string }) {
  const { hash } = useLocation();
  const article = useRef<HTMLElement>(null);
  useEffect(() => {
    const heading = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    (heading || article.current)?.scrollIntoView();
  }, [hash]);
  return (
    <article ref={article} className="help-article">
      <Markdown options={options}>{text}</Markdown>
    </article>
  );
}

/** `./postback-integration.md#parameters`, as GitHub wants it, is a route here. */
function PageLink({ href = "", children, ...others }: ComponentProps<"a">) {
  const page = /^(?:\.\/([\w-]+)\.md)?(#.*)?$/.exec(href);
  if (!page) {
    return (
      <a href={href} {...others}>
        {children}
      </a>
    );
  }
  const [, slug, heading = ""] = page;
  return <Link to={slug ? `/help/${slug}${heading}` : heading}>{children}</Link>;
}

/** A table that scrolls inside itself, also by keyboard. */
function WideTable({ children }: ComponentProps<"table">) {
  return (
    <Scrolling>
      <table>{children}</table>
    </Scrolling>
  );
}

function CodeBlock({ text }: { text: string }) {
  return (
    <div className="help-code copy-shown">
      <Scrolling>
        <pre>{text}</pre>
      </Scrolling>
      <CopyButton text={text} />
    </div>
  );
}

function Scrolling(props: ComponentProps<"div">) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
  return <div className="help-scroll" tabIndex={0} {...props} />;
}
