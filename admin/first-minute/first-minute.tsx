import { Button } from "@mui/material";
import { useEffect } from "react";
import { useStore, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { formatAmount } from "../cells/amount";
import { StatusChip } from "../cells/status";
import { ExamplePostback } from "./example-postback";
import { Step, type StepState } from "./step";
import { TrackingUrl } from "./tracking-url";
import { type FirstSteps, useFirstSteps } from "./use-first-steps";
import "./first-minute.css";

/** Whether the way to the first conversion is shown: until there is one, and then until it is put away. */
export function useFirstMinute(): { isOpen: boolean; steps?: FirstSteps; refresh: () => void; close: () => void } {
  const { data: steps, refetch } = useFirstSteps();
  const [isBegun, setBegun] = useStore("firstMinute", false);
  const isOpen = steps?.conversions.totalCount === 0;
  useEffect(() => {
    if (isOpen) setBegun(true);
  }, [isOpen, setBegun]);
  return { isOpen: isOpen || (isBegun && !!steps), steps, refresh: refetch, close: () => setBegun(false) };
}

/** One way of four steps from an empty system to the first conversion. What has happened ticks its step off: nothing is remembered. */
export function FirstMinute({ steps, refresh, close }: { steps?: FirstSteps; refresh: () => void; close: () => void }) {
  const translate = useTranslate();
  if (!steps) return null;
  const { flows, clicks, conversions, postbackKeys } = steps;
  const [click] = clicks.items;
  const done = [flows.totalCount > 0, clicks.totalCount > 0, clicks.totalCount > 0, conversions.totalCount > 0];
  const current = done.indexOf(false);
  const stateOf = (index: number): StepState => (done[index] ? "done" : index === current ? "current" : "later");
  return (
    <section className="card first-minute" aria-labelledby="first-minute">
      <div className="first-head">
        <h2 id="first-minute">{translate(current < 0 ? "waypost.first.done" : "waypost.first.title")}</h2>
        <p className="ink2">{translate(current < 0 ? "waypost.first.doneText" : "waypost.first.text")}</p>
      </div>
      <ol>
        <Step number={1} name="flow" state={stateOf(0)}>
          {done[0] ? (
            <Link to="/flows">{flows.items[0]?.name}</Link>
          ) : (
            <Button component={Link} to="/flows/create" variant="contained">
              {translate("waypost.first.flow.do")}
            </Button>
          )}
        </Step>
        <Step number={2} name="visit" state={stateOf(1)}>
          {!done[1] && <TrackingUrl steps={steps} />}
        </Step>
        <Step number={3} name="click" state={current === 1 ? "waiting" : stateOf(2)}>
          {click && (
            <Link to={`/clicks?view=${click.id}`} className="mono">
              {click.id}
            </Link>
          )}
        </Step>
        <Step number={4} name="postback" state={stateOf(3)}>
          {click && <ExamplePostback postbackKey={postbackKeys.items[0]} click={click.id} onSent={refresh} />}
        </Step>
      </ol>
      {current < 0 && <Arrived steps={steps} close={close} />}
    </section>
  );
}

/** The conversion that has come of it, and where to go on. */
function Arrived({ steps, close }: { steps: FirstSteps; close: () => void }) {
  const translate = useTranslate();
  const [conversion] = steps.conversions.items;
  return (
    <div className="first-end">
      {conversion && (
        <Link to={`/conversions?view=${conversion.id}`} className="first-conversion">
          <span className="strong">{translate("waypost.first.conversion")}</span>
          <span>{(conversion.flow as { name: string }).name}</span>
          <StatusChip word={String(conversion.status)} />
          <span className="num">
            {formatAmount(String(conversion.revenue))} {String(conversion.currency)}
          </span>
        </Link>
      )}
      <div className="first-links">
        <Button variant="contained" onClick={close}>
          {translate("waypost.first.close")}
        </Button>
        <Link to="/postbackKeys">{translate("waypost.first.keys")}</Link>
        <Link to="/help">{translate("waypost.first.help")}</Link>
      </div>
    </div>
  );
}
