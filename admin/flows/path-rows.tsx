import { useMemo } from "react";
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

const PATHS = "paths" satisfies keyof FlowInput;

/** The paths of a flow: where its visitors are sent, and how many of them. */
export function PathRows({ field }: { field: Field }) {
  const translate = useTranslate();
  const Item = useMemo(() => pathOf(field), [field]);
  return (
    <section className="card">
      <h2>{field.label}</h2>
      <Overview field={field} />
      <ArrayInputBase source={field.name}>
        <ItemRows field={field} add={translate("waypost.flow.addPath")} useName={usePathName} Item={Item} />
      </ArrayInputBase>
    </section>
  );
}

/** The shares of all paths, and what is amiss with some. */
function Overview({ field }: { field: Field }) {
  const translate = useTranslate();
  const { paths, shares } = useShares(field);
  const nameAt = (index: number) => nameOf(paths[index] ?? {}) || translate("waypost.flow.path", { number: index + 1 });
  return (
    <>
      <ShareBar parts={shares.map((share, index) => ({ name: nameAt(index), share }))} />
      <UnmatchedPaths paths={paths} nameAt={nameAt} />
      {!paths.some(({ active }) => active) && <p className="ink2">{translate("waypost.flow.noPath")}</p>}
    </>
  );
}

/** All paths as they stand in the form, and which part of the visitors each would get. */
function useShares({ fields }: Field) {
  const paths: PathDraft[] = useWatch({ name: PATHS }) ?? [];
  const { weight } = fieldsOf<PathInput>(fields)("weight");
  return { paths, shares: sharesOf(paths, Number(weight.defaultValue)) };
}

function usePathName(index: number): string {
  const translate = useTranslate();
  const path: PathDraft | undefined = useWatch({ name: `${PATHS}.${index}` });
  return nameOf(path ?? {}) || translate("waypost.flow.path", { number: index + 1 });
}

/** The inputs of one path. */
function pathOf(field: Field) {
  const { name, url, weight, active, others } = fieldsOf<PathInput>(field.fields)("name", "url", "weight", "active");
  return function Path({ index }: { index: number }) {
    return (
      <div className="path-row">
        <FieldInput field={name} compact />
        <FieldInput field={weight} compact />
        <Share field={field} index={index} />
        <FieldInput field={active} compact />
        <UrlInput field={url} />
        {others.map((other) => (
          <FieldInput key={other.name} field={other} />
        ))}
      </div>
    );
  };
}

function Share({ field, index }: { field: Field; index: number }) {
  const translate = useTranslate();
  const { paths, shares } = useShares(field);
  return (
    <output className="num path-share" aria-label={translate("waypost.flow.share")}>
      {paths[index]?.active ? shareText(shares[index] ?? 0) : translate("waypost.value.none")}
    </output>
  );
}
