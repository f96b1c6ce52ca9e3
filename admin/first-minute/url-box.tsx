import { type ReactNode } from "react";
import { CopyButton } from "../cells/copy-button";

/** A whole URL to be copied, with what else can be done with it. */
export function UrlBox({ url, copy, children }: { url: string; copy: string; children?: ReactNode }) {
  return (
    <div className="url-line">
      <span className="url-box copy-shown">
        <code className="mono">{url}</code>
        <CopyButton text={url} label={copy} />
      </span>
      {children}
    </div>
  );
}
