import { TextField } from "@mui/material";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent } from "react";
import { type HttpError, useNotify, useTranslate } from "react-admin";
import { ask } from "../data/client";
import { HelpLink } from "../help/help-link";
import { ActButton } from "../layout/act-button";
import "./account.css";

const CHANGE =
  "mutation changePassword($current: String!, $new: String!) { changePassword(current: $current, new: $new) }";

/** Changes one's own password; what is wrong stands below the field it is wrong in. */
export function PasswordPage() {
  const translate = useTranslate();
  const notify = useNotify();
  const { mutate, isPending, error } = useMutation<unknown, HttpError, HTMLFormElement>({
    mutationFn: (form) => ask(CHANGE, Object.fromEntries(new FormData(form))),
    onSuccess: (_, form) => {
      form.reset();
      notify("waypost.password.done", { type: "success" });
    },
  });
  const problems: Record<string, string> = error ? (error.body?.errors ?? { new: error.message }) : {};

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!isPending) mutate(event.currentTarget);
  }
  const field = (name: "current" | "new", help?: string) => (
    <TextField
      name={name}
      type="password"
      label={translate(`waypost.password.${name}`)}
      autoComplete={`${name}-password`}
      required
      fullWidth
      error={name in problems}
      helperText={problems[name] ? translate(problems[name], { _: problems[name] }) : help}
    />
  );
  return (
    <div className="form-page">
      <div className="page-head">
        <h1>{translate("waypost.password.title")}</h1>
        <span className="spring" />
        <HelpLink screen="password" />
      </div>
      <form onSubmit={submit} className="card stack">
        {field("current")}
        {field("new", translate("waypost.password.help"))}
        <ActButton type="submit" variant="contained" isBusy={isPending}>
          {translate("waypost.password.submit")}
        </ActButton>
      </form>
    </div>
  );
}
