import { type FormEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useLogin, useTranslate } from "react-admin";
import { sessionHasEnded } from "../data/auth-provider";
import { Icon } from "../layout/icons";
import "./account.css";

/** The way in: two fields, one button; what is wrong stands above them. Plain elements: it is the first page of all. */
export function LoginPage() {
  const translate = useTranslate();
  const login = useLogin();
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState(() => (sessionHasEnded() ? "waypost.auth.ended" : null));
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    [email.current, password.current].find((input) => input?.value === "")?.focus();
  }, []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    try {
      await login({ email: email.current?.value, password: password.current?.value });
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
      password.current?.select();
    }
  }
  return (
    <main className="login">
      <form onSubmit={submit}>
        <p className="brand login-brand">
          <span className="logo">
            <Icon name="logo" size={14} />
          </span>
          {translate("waypost.name")}
        </p>
        <h1>{translate("waypost.auth.title")}</h1>
        <div role="alert">{problem && <p className="problem">{translate(problem, { _: problem })}</p>}</div>
        <LoginField input={email} name="email" type="email" autoComplete="username" />
        <LoginField input={password} name="password" type="password" autoComplete="current-password" />
        <button type="submit" className="login-do" disabled={isBusy}>
          {translate("waypost.auth.submit")}
        </button>
      </form>
    </main>
  );
}

function LoginField({
  input,
  name,
  type,
  autoComplete,
}: {
  input: RefObject<HTMLInputElement | null>;
  name: "email" | "password";
  type: string;
  autoComplete: string;
}) {
  const translate = useTranslate();
  const id = useId();
  return (
    <div className="login-field">
      <label htmlFor={id}>{translate(`waypost.auth.${name}`)}</label>
      <input id={id} ref={input} name={name} type={type} autoComplete={autoComplete} required />
    </div>
  );
}
