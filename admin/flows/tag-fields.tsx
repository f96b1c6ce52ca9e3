import { Button } from "@mui/material";
import { useId, useState } from "react";
import { useTranslate } from "react-admin";
import { useFormState, useWatch } from "react-hook-form";
import { FieldInput } from "../forms/field-input";
import { type Field } from "../schema/resources";

/** What a click's link may leave out: hidden until asked for, or until something in it is wrong. */
export function TagFields({ fields }: { fields: Field[] }) {
  const translate = useTranslate();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const names = fields.map(({ name }) => name);
  const { errors } = useFormState({ name: names });
  const setCount = useWatch({ name: names }).filter(Boolean).length;
  const isShown = isOpen || names.some((name) => name in errors);
  return (
    <>
      <Button
        variant="outlined"
        aria-expanded={isShown}
        aria-controls={id}
        onClick={() => setOpen(!isShown)}
        className="tags-button"
      >
        {translate(isShown ? "waypost.flow.hideTags" : "waypost.flow.showTags")}
        {setCount > 0 && !isShown && (
          <span className="ink3">{translate("waypost.flow.tagsSet", { count: setCount })}</span>
        )}
      </Button>
      <div id={id} className="fields" hidden={!isShown}>
        {fields.map((field) => (
          <FieldInput key={field.name} field={field} />
        ))}
      </div>
    </>
  );
}
