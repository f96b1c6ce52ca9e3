import { ArrayInputBase, useTranslate } from "react-admin";
import { useWatch } from "react-hook-form";
import { FieldInput } from "../forms/field-input";
import { fieldsOf } from "../forms/fields-of";
import { ItemRows } from "../forms/item-rows";
import { type FlowInput, type PathInput } from "../generated/types";
import { type Field } from "../schema/resources";
import { ShareBar } from "./share-bar";
import { nameOf, type PathDraft, sharesOf, shareText } from "./shares";
import { UnmatchedPaths } from "./unmatched-paths";
import { UrlInput } from "./url-input";

/** The paths of a flow: where its visitors are sent, and how many of them. */
export function PathRows({ field }: { field: Field }) {
  const translate = useTranslate();
  const paths: PathDraft[] = useWatch({ name: "paths" satisfies keyof FlowInput }) ?? [];
  const { name, url, weight, active, others } = fieldsOf<PathInput>(field.fields)("name", "url", "weight", "active");
  const shares = sharesOf(paths, Number(weight.defaultValue));
  const nameAt = (index: number) => nameOf(paths[index] ?? {}) || translate("waypost.flow.path", { number: index + 1 });
  return (
    <section className="card">
      <h2>{field.label}</h2>
      <ShareBar parts={shares.map((share, index) => ({ name: nameAt(index), share }))} />
      <UnmatchedPaths paths={paths} nameAt={nameAt} />
      {!paths.some(({ active: isActive }) => isActive) && <p className="ink2">{translate("waypost.flow.noPath")}</p>}
      <ArrayInputBase source={field.name}>
        <ItemRows field={field} add={translate("waypost.flow.addPath")} nameOf={nameAt}>
          {(index) => (
            <div className="path-row">
              <FieldInput field={name} compact />
              <FieldInput field={weight} compact />
              <output className="num path-share" aria-label={translate("waypost.flow.share")}>
                {paths[index]?.active ? shareText(shares[index] ?? 0) : translate("waypost.value.none")}
              </output>
              <FieldInput field={active} compact />
              <UrlInput field={url} />
              {others.map((other) => (
                <FieldInput key={other.name} field={other} />
              ))}
            </div>
          )}
        </ItemRows>
      </ArrayInputBase>
    </section>
  );
}
