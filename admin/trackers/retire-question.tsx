import { useMutation } from "@tanstack/react-query";
import { type HttpError, useNotify, useRefresh, useTranslate } from "react-admin";
import { ask } from "../data/client";
import { type LateTracker } from "../generated/types";
import { Modal } from "../layout/modal";
import { Question } from "../layout/question";
import { useZone } from "../zone/use-zone";
import { shortTime } from "../zone/written";

const RETIRE = "mutation retireTracker($id: ID!) { retireTracker(id: $id) }";

/** Asks whether a tracker is given up, naming what is missing then; a refusal, such as of one that has come back, stands in it. */
export function RetireQuestion({ tracker, close }: { tracker: LateTracker; close: () => void }) {
  const translate = useTranslate();
  const notify = useNotify();
  const refresh = useRefresh();
  const { zone } = useZone();
  const { id, name, loadedUntil } = tracker;
  const { mutate, isPending, error } = useMutation<unknown, HttpError>({
    mutationFn: () => ask(RETIRE, { id }),
    onSuccess: () => {
      notify("waypost.late.done", { type: "success", messageArgs: { id } });
      close();
    },
    // Refused or not, others may be waited for by now.
    onSettled: () => refresh(),
  });
  const from = Date.parse(loadedUntil);
  const title = translate("waypost.late.ask", { id });
  return (
    <Modal label={title} close={close}>
      <Question
        title={title}
        yes={translate("waypost.late.yes")}
        problem={error && translate(error.message, { _: error.message })}
        isBusy={isPending}
        isGrave
        onYes={() => mutate()}
        onCancel={close}
      >
        <p className="mono whole">{name}</p>
        <p>
          {from === 0
            ? translate("waypost.late.loseAll")
            : translate("waypost.late.lose", { time: shortTime(from, zone) })}
        </p>
        <p>{translate("waypost.late.comesBack")}</p>
      </Question>
    </Modal>
  );
}
