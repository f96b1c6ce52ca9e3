import { useTranslate } from "react-admin";
import { Facts } from "../drawer/facts";
import { useChange } from "../forms/use-change";
import { type PutAside } from "../generated/types";
import { ActButton } from "../layout/act-button";
import { type DrawerProps } from "../overrides";

/** What the database refused, whole, and the button that tries again. */
export function PutAsideEntry({ resource, row }: DrawerProps<PutAside>) {
  const translate = useTranslate();
  const { act, isBusy, problem } = useChange(resource, { ...row }, resource.retry, { done: "waypost.retry.done" });
  return (
    <>
      {problem && (
        <p role="alert" className="bad-text">
          {problem}
        </p>
      )}
      {!row.retried && (
        <ActButton variant="outlined" isBusy={isBusy} onClick={act}>
          {translate("waypost.retry.do")}
        </ActButton>
      )}
      <Facts resource={resource} row={{ ...row }} />
    </>
  );
}
