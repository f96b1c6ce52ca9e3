import { Button } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { useAsked } from "../data/use-asked";
import { useConfirmed } from "../data/use-confirmed";
import { type Replay } from "../generated/types";
import { Question } from "../layout/question";
import { type Selection } from "../lists/selection";
import { counted } from "../lists/selection-bar";
import { ReplayOutcome } from "./replay-outcome";
import "./postbacks.css";

const PREVIEW =
  "query previewReplay($filter: PostbackLogFilter!) { replay: previewReplay(filter: $filter) { count codes { code count message } postbacks { id code message change newId } } }";
const REPLAY =
  "mutation replayPostbacks($filter: PostbackLogFilter!, $expected: Int!) { result: replayPostbacks(filter: $filter, expected: $expected) { count codes { code count message } postbacks { id code message change newId } } }";

interface ReplayQuestionProps {
  selection: Selection;
  /** After what became of it was read. */
  onDone: () => void;
  onCancel: () => void;
  /** When there are others than were counted. */
  onStale?: () => void;
}

/** Asks whether postbacks are to be sent through again, once it shows what they would come to; then says what became of them. */
export function ReplayQuestion({ onDone, ...asking }: ReplayQuestionProps) {
  const translate = useTranslate();
  const [done, setDone] = useState<Replay | null>(null);
  if (!done) return <Preview {...asking} onDone={setDone} />;
  return (
    <div className="question" role="status">
      <h2>{translate("waypost.replay.done", counted(done.count))}</h2>
      <ReplayOutcome replay={done} tense="did" onLeave={onDone} />
      <div className="question-answers">
        <Button onClick={onDone} autoFocus>
          {translate("waypost.drawer.close")}
        </Button>
      </div>
    </div>
  );
}

interface PreviewProps extends Omit<ReplayQuestionProps, "onDone"> {
  onDone: (done: Replay) => void;
}

function Preview({ selection: { filter, count }, onDone, onCancel, onStale }: PreviewProps) {
  const translate = useTranslate();
  const { data, error, isFetching, refetch } = useAsked<{ replay: Replay }>(PREVIEW, { filter }, { once: true });
  const { act, isPending, problem } = useConfirmed<Replay, Pick<Selection, "filter"> & { expected: number }>(REPLAY, {
    onDone,
    onStale: () => {
      refetch();
      onStale?.();
    },
  });
  const replay = error ? undefined : data?.replay;
  const isPossible = replay?.codes.some(({ code }) => code !== null) ?? false;
  return (
    <Question
      title={translate("waypost.replay.ask", counted(replay?.count ?? count))}
      yes={isPossible ? translate("waypost.replay.yes") : null}
      problem={error ? translate(error.message, { _: error.message }) : problem}
      isBusy={isPending || isFetching}
      isFocused
      onYes={() => replay && act({ filter, expected: replay.count })}
      onCancel={onCancel}
    >
      <div role="status" aria-busy={isFetching}>
        {replay ? (
          <ReplayOutcome replay={replay} tense="would" />
        ) : (
          !error && <p className="ink2">{translate("waypost.replay.looking")}</p>
        )}
      </div>
      {isPossible && <p className="ink2">{translate("waypost.replay.means")}</p>}
    </Question>
  );
}
