import { Button } from "@mui/material";
import { useId, useState } from "react";
import { setSubmissionErrors, useTranslate } from "react-admin";
import { useFormContext } from "react-hook-form";
import { Modal } from "../layout/modal";
import { type Difference, merged } from "./merge";
import { type Conflict, type Saving, useSavingContext } from "./saving";
import "../layout/question.css";
import "./conflict.css";

/** Where somebody else has saved meanwhile: what is stored now beside what was typed, and the choice. Until then nothing is saved. */
export function ConflictQuestion() {
  const saving = useSavingContext();
  return saving.conflict && <Asking conflict={saving.conflict} saving={saving} />;
}

function Asking({ conflict, saving }: { conflict: Conflict; saving: Saving }) {
  const translate = useTranslate();
  const { stored, mine, base, differences } = conflict;
  const [chosen, choose] = useState(new Map(differences.map(({ key, isMine }) => [key, isMine])));
  const { reset, setValue, setError, handleSubmit } = useFormContext();
  const isDeleted = Boolean(stored.deleted) && !base.deleted;

  async function save() {
    const { fields } = saving.change;
    // Both sides are the same outside the differences, but for the order of added items.
    const values = merged(fields, { stored, mine }, (key) => chosen.get(key) ?? true);
    saving.beginFrom(stored);
    reset(stored);
    for (const [name, value] of Object.entries(values)) setValue(name, value, { shouldDirty: true });
    await handleSubmit(async (typed) => {
      const errors = await saving.save(typed);
      if (errors) setSubmissionErrors(errors, setError);
    })();
  }
  return (
    <Modal label={translate("waypost.conflict.title")} close={saving.leaveConflict} isWide>
      <div className="question">
        <h2>{translate("waypost.conflict.title")}</h2>
        <p>{translate("waypost.conflict.text")}</p>
        {isDeleted && <p className="bad-text">{translate("waypost.conflict.deleted")}</p>}
        <div className="conflicts">
          {differences.map((difference) => (
            <Choice
              key={difference.key}
              difference={difference}
              isMine={chosen.get(difference.key) ?? true}
              choose={(isMine) => choose(new Map(chosen).set(difference.key, isMine))}
            />
          ))}
        </div>
        <div className="question-answers">
          <Button variant="contained" onClick={save}>
            {translate("waypost.conflict.save")}
          </Button>
          <Button onClick={saving.leaveConflict}>{translate("waypost.conflict.back")}</Button>
        </div>
      </div>
    </Modal>
  );
}

interface ChoiceProps {
  difference: Difference;
  isMine: boolean;
  choose: (isMine: boolean) => void;
}

function Choice({ difference, isMine, choose }: ChoiceProps) {
  const translate = useTranslate();
  const name = useId();
  const side = (word: "stored" | "mine", text: string | null, isChosen: boolean, select: () => void) => (
    <label className={isChosen ? "conflict-side chosen" : "conflict-side"}>
      <input type="radio" name={name} checked={isChosen} onChange={select} />
      <span>
        <span className="ink2 conflict-whose">{translate(`waypost.conflict.${word}`)}</span>
        <span className="whole">
          {text === null ? translate("waypost.conflict.absent") : text || translate("waypost.value.none")}
        </span>
      </span>
    </label>
  );
  return (
    <fieldset className="conflict">
      <legend>
        {difference.label}
        {difference.isMine && difference.isTheirs && (
          <span className="ink2"> {translate("waypost.conflict.both")}</span>
        )}
      </legend>
      {side("stored", difference.stored, !isMine, () => choose(false))}
      {side("mine", difference.mine, isMine, () => choose(true))}
    </fieldset>
  );
}
