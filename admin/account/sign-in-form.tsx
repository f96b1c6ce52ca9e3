import { type FormEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useTranslate } from "react-admin";
import "./account.css";

interface SignInFormProps {
  /** Who is expected; left out: anybody. */
  email?: string;
  /** The sentence above the fields before the first try; a key of `texts.ts`. */
  note?: string;
  /** @throws an error that says what is wrong. */
  signIn: (email: string, password: string) => Promise<unknown>;
}

/** Two fields, one button; what is wrong stands above them. Plain elements: it stands on the first page of all. */
export function SignInForm({ email: expected, note, signIn }: SignInFormProps) {
  const translate = useTranslate();
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState(note);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    [email.current, password.current].find((input) => input?.value === "")?.focus();
  }, []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    event.stopPropagation();
    if (isBusy) return;
    setBusy(true);
    try {
      await signIn(email.current?.value ?? "", password.current?.value ?? "");
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
      password.current?.select();
    }
  }
  return (
    <form onSubmit={submit} className="sign-in">
      <div role="alert">{problem && <p className="problem">{translate(problem, { _: problem })}</p>}</div>
      <SignInField input={email} name="email" type="email" autoComplete="username" defaultValue={expected} />
      <SignInField input={password} name="password" type="password" autoComplete="current-password" />
      <button type="submit" className="login-do" aria-disabled={isBusy}>
        {translate("waypost.auth.submit")}
      </button>
    </form>
  );
}

interface SignInFieldProps {
  input: RefObject<HTMLInputElement | null>;
  name: "email" | "password";
  type: string;
  autoComplete: string;
  defaultValue?: string;
}

function SignInField({ input, name, ...given }: SignInFieldProps) {
  const translate = useTranslate();
  const id = useId();
  return (
    <div className="login-field">
      <label htmlFor={id}>{translate(`waypost.auth.${name}`)}</label>
      <input id={id} ref={input} name={name} required {...given} />
    </div>
  );
}
