import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Icon } from "../layout/icons";

/** Behind us, to be done now, happening by itself, or not yet in reach. */
export type StepState = "done" | "current" | "waiting" | "later";

/** A step of the way: what to do, why, and the means; ticked off when it has happened. */
export function Step({
  number,
  name,
  state,
  children,
}: {
  number: number;
  name: "flow" | "visit" | "click" | "postback";
  state: StepState;
  children: ReactNode;
}) {
  const translate = useTranslate();
  return (
    <li className={`step ${state}`} aria-current={state === "current" ? "step" : undefined} data-step={name}>
      <span className="step-mark num" aria-hidden="true">
        {state === "done" ? <Icon name="check" size={14} /> : number}
      </span>
      <div className="step-body">
        <h3>
          {translate(`waypost.first.${name}.title`)}
          {state === "done" && <span className="unseen">{translate("waypost.first.ticked")}</span>}
        </h3>
        {state !== "done" && <p className="ink2">{translate(`waypost.first.${name}.text`)}</p>}
        {state === "waiting" && (
          <p className="ink3 waiting" role="status">
            {translate(`waypost.first.${name}.waiting`)}
          </p>
        )}
        {(state === "done" || state === "current") && children}
      </div>
    </li>
  );
}
