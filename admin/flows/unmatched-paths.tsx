import { useTranslate } from "react-admin";
import { type PathDraft } from "./shares";

const CLICK = "{click}";

/** Warns of paths whose advertiser would not get the click hash. */
export function UnmatchedPaths({ paths, nameAt }: { paths: PathDraft[]; nameAt: (index: number) => string }) {
  const translate = useTranslate();
  const names = paths.flatMap(({ url }, index) => (url?.trim() && !url.includes(CLICK) ? [nameAt(index)] : []));
  return (
    <div role="status">
      {names.length > 0 && (
        <div className="warning">
          {names.map((name, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two paths may have the same name.
            <p key={index} className="strong">
              {translate("waypost.flow.unmatched", { name, macro: CLICK })}
            </p>
          ))}
          <p>{translate("waypost.flow.unmatchedWhy")}</p>
        </div>
      )}
    </div>
  );
}
