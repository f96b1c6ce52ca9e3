import { type ReactNode, useEffect, useRef, useState } from "react";
import { Form, SaveContextProvider, useRecordContext, useSaveContext } from "react-admin";
import { useFormState } from "react-hook-form";
import { type Change, type Resource } from "../schema/resources";
import { ConflictQuestion } from "./conflict-question";
import { SavingProvider, useSaving } from "./saving";
import { UnsavedQuestion } from "./unsaved-question";
import "./forms.css";

type Values = Record<string, unknown>;

/** A form is filled in once more a moment after it is drawn: what somebody has typed by then stays. */
const KEEP_TYPED = { keepDirtyValues: true } as const;

interface EntityFormProps {
  resource: Resource;
  change: Change;
  /** The values it begins with, if they are not the record around. */
  record?: Values;
  defaultValues?: object;
  className?: string;
  /** Whether what it is of is gone, and what was typed with it. */
  isGone?: boolean;
  children: ReactNode;
}

/** A form that creates or changes one of a resource. Nothing that was typed is lost without a question. */
export function EntityForm({ resource, change, record, defaultValues, className, isGone, children }: EntityFormProps) {
  const known = useRecordContext(record ? { record: record as never } : undefined);
  // What comes in from elsewhere while somebody types changes nothing under his hands: it is compared when he saves.
  const [held, hold] = useState(known);
  const base = useRef<Values>({});
  const context = useSaveContext();
  const saving = useSaving(resource, change, base);
  useEffect(() => {
    base.current = held ?? {};
  }, [held]);
  return (
    <SavingProvider value={saving}>
      <SaveContextProvider value={{ ...context, save: saving.save }}>
        <Form
          record={held}
          defaultValues={defaultValues}
          className={className}
          resetOptions={KEEP_TYPED}
          disableInvalidFormNotification
          warnWhenUnsavedChanges={!isGone}
          WarnWhenUnsavedChangesComponent={Questions}
        >
          <FollowRecord record={known} follow={hold} />
          {children}
        </Form>
      </SaveContextProvider>
    </SavingProvider>
  );
}

function FollowRecord<T>({ record, follow }: { record: T; follow: (record: T) => void }) {
  const { dirtyFields } = useFormState();
  const isTyped = Object.keys(dirtyFields).length > 0;
  useEffect(() => {
    if (!isTyped) follow(record);
  }, [isTyped, record, follow]);
  return null;
}

/** What a form may have to ask, beside it: they are no fields of it. */
function Questions() {
  return (
    <>
      <UnsavedQuestion />
      <ConflictQuestion />
    </>
  );
}
