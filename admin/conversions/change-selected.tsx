import { Button } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { type ConversionStatus } from "../generated/types";
import { Modal } from "../layout/modal";
import { type SelectionProps } from "../lists/selection-bar";
import { ChangeQuestion } from "./change-question";
import { statuses } from "./statuses";

/** Gives all selected conversions another status, once it is confirmed. */
export function ChangeSelected({ selection, recount, onDone }: SelectionProps) {
  const translate = useTranslate();
  const [status, setStatus] = useState<ConversionStatus | null>(null);
  const close = () => setStatus(null);
  return (
    <>
      {statuses.map((each) => (
        <Button key={each} size="small" variant="outlined" onClick={() => setStatus(each)}>
          {translate(`waypost.change.do.${each}`)}
        </Button>
      ))}
      {status && (
        <Modal label={translate("waypost.change.title")} close={close}>
          <ChangeQuestion
            selection={selection}
            status={status}
            onStale={recount}
            onCancel={close}
            onDone={() => {
              close();
              onDone();
            }}
          />
        </Modal>
      )}
    </>
  );
}
