import { useTranslate } from "react-admin";
import { Fixed } from "../forms/fixed";
import { type PostbackKey } from "../generated/types";
import { HelpLink } from "../help/help-link";
import { type Resource } from "../schema/resources";

/** A key that has been deleted: what it was, and how its postbacks would be taken again. */
export function DeletedKey({ resource, postbackKey }: { resource: Resource; postbackKey: PostbackKey }) {
  const translate = useTranslate();
  const names = ["key", "createdAt", "lastUsedAt"] as const;
  return (
    <div className="form-page">
      <div className="page-head">
        <h1 className="cut">{translate("waypost.list.deleted", { name: postbackKey.name })}</h1>
        <span className="spring" />
        <HelpLink screen={resource.name} />
      </div>
      <p className="notice" role="status">
        {translate("waypost.key.deleted")}
      </p>
      <section className="card fields">
        <Fixed<PostbackKey> resource={resource} row={{ ...postbackKey }} names={names} />
      </section>
    </div>
  );
}
