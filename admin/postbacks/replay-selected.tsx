import { Button } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { Modal } from "../layout/modal";
import { type SelectionProps } from "../lists/selection-bar";
import { ReplayQuestion } from "./replay-question";

/** Sends all selected postbacks through again, once it is seen what they would come to. */
export function ReplaySelected({ selection, recount, onDone }: SelectionProps) {
  const translate = useTranslate();
  const [isAsked, setAsked] = useState(false);
  const close = () => setAsked(false);
  return (
    <>
      <Button size="small" variant="outlined" onClick={() => setAsked(true)}>
        {translate("waypost.replay.do")}
      </Button>
      {isAsked && (
        <Modal label={translate("waypost.replay.title")} close={close}>
          <ReplayQuestion
            selection={selection}
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
