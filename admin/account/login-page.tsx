import { Button, TextField } from "@mui/material";
import { type FormEvent, useState } from "react";
import { useLogin, useTranslate } from "react-admin";
import { Icon } from "../layout/icons";
import "./account.css";

/** The way in: two fields, one button; what is wrong stands above them. */
export function LoginPage() {
  const translate = useTranslate();
  const login = useLogin();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    setProblem(null);
    try {
      await login({ email, password });
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  }
  return (
    <main className="login">
      <form onSubmit={submit} className="card">
        <span className="logo">
          <Icon name="logo" size={16} />
        </span>
        <h1>{translate("waypost.auth.title")}</h1>
        {problem && (
          <p role="alert" className="problem">
            {translate(problem, { _: problem })}
          </p>
        )}
        <TextField
          name="email"
          type="email"
          label={translate("waypost.auth.email")}
          autoComplete="username"
          autoFocus
          required
          fullWidth
        />
        <TextField
          name="password"
          type="password"
          label={translate("waypost.auth.password")}
          autoComplete="current-password"
          required
          fullWidth
        />
        <Button type="submit" variant="contained" disabled={isBusy}>
          {translate("waypost.auth.submit")}
        </Button>
      </form>
    </main>
  );
}
