import { useTranslate } from "react-admin";
import { type Row } from "../cells/cell";
import { ActButton } from "../layout/act-button";
import { type Resource } from "../schema/resources";
import { useChange } from "./use-change";

/** Brings back a row that was deleted; on one that was not it is not there. */
export function RestoreButton({ resource, row }: { resource: Resource; row: Row }) {
  const translate = useTranslate();
  const { act, isBusy, problem } = useChange(resource, row, resource.restore, { done: "waypost.restore.done" });
  if (!resource.restore || !row.deleted) return null;
  return (
    <>
      {problem && (
        <span role="alert" className="bad-text">
          {problem}
        </span>
      )}
      <ActButton
        variant="outlined"
        isBusy={isBusy}
        onClick={(event) => {
          event.stopPropagation();
          act();
        }}
      >
        {translate("waypost.restore.do")}
      </ActButton>
    </>
  );
}
