import { Button } from "@mui/material";
import { useTranslate } from "react-admin";
import { FirstMinute, useFirstMinute } from "../first-minute/first-minute";
import { LateTrackers } from "../trackers/late-trackers";
import { LatestConversions, RefusedPostbacks } from "./panels";
import { Tiles } from "./tiles";
import { Title } from "./title";
import { useToday } from "./use-today";
import "./dashboard.css";

/** What happened today, in the chosen zone; on a system without conversions the way to the first one. */
export function DashboardPage() {
  const translate = useTranslate();
  const { data: today, error, refetch, isFetching, dataUpdatedAt } = useToday();
  const firstMinute = useFirstMinute();
  return (
    <div className="dashboard">
      <Title today={today?.dashboard} updatedAt={dataUpdatedAt} />
      {error && (
        <div className="card failure" role="alert">
          <p>{translate(error.message, { _: error.message })}</p>
          <Button variant="outlined" onClick={() => refetch()} disabled={isFetching}>
            {translate("waypost.error.retry")}
          </Button>
        </div>
      )}
      <LateTrackers />
      {firstMinute.isOpen && <FirstMinute {...firstMinute} />}
      <Tiles today={today?.dashboard} />
      {!firstMinute.isOpen && (
        <div className="panels">
          <LatestConversions today={today} />
          <RefusedPostbacks today={today} />
        </div>
      )}
    </div>
  );
}
