import { Button } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { type PostbackLog } from "../generated/types";
import { type DrawerProps } from "../overrides";
import { PostbackDetails } from "./postback-details";
import { ReplayQuestion } from "./replay-question";

/** One postback of the log, and the way to send it through again. */
export function PostbackEntry({ resource, row }: DrawerProps<PostbackLog>) {
  return (
    <PostbackDetails resource={resource} postback={row}>
      <ReplayOne id={row.id} />
    </PostbackDetails>
  );
}

/** The button; the question stands in its place. */
function ReplayOne({ id }: { id: string }) {
  const translate = useTranslate();
  const [isAsked, setAsked] = useState(false);
  const close = () => setAsked(false);
  if (isAsked) {
    return <ReplayQuestion selection={{ filter: { ids: [id] }, count: 1 }} onDone={close} onCancel={close} />;
  }
  return (
    <div className="change-line">
      <Button variant="outlined" onClick={() => setAsked(true)}>
        {translate("waypost.replay.do")}
      </Button>
    </div>
  );
}
