import { Button, TextField } from "@mui/material";
import { type FormEvent, useState } from "react";
import { type HttpError, useNotify, useTranslate } from "react-admin";
import { ask } from "../data/client";
import { HelpLink } from "../help/help-link";
import "./account.css";

/** Changes one's own password; what is wrong stands below the field it is wrong in. */
export function PasswordPage() {
  const translate = useTranslate();
  const notify = useNotify();
  const [problems, setProblems] = useState<Record<string, string>>({});

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    try {
      await ask(
        "mutation changePassword($current: String!, $new: String!) { changePassword(current: $current, new: $new) }",
        Object.fromEntries(new FormData(form)),
      );
      setProblems({});
      form.reset();
      notify("waypost.password.done", { type: "success" });
    } catch (error) {
      const { message, body } = error as HttpError;
      setProblems(body?.errors ?? { new: translate(message, { _: message }) });
    }
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
      helperText={problems[name] ?? help}
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
        <Button type="submit" variant="contained">
          {translate("waypost.password.submit")}
        </Button>
      </form>
    </div>
  );
}
