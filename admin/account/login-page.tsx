import { useLogin, useTranslate } from "react-admin";
import { Icon } from "../layout/icons";
import { SignInForm } from "./sign-in-form";

/** The way in. */
export function LoginPage() {
  const translate = useTranslate();
  const login = useLogin();
  return (
    <main className="login">
      <div className="login-card">
        <p className="brand login-brand">
          <span className="logo">
            <Icon name="logo" size={14} />
          </span>
          {translate("waypost.name")}
        </p>
        <h1>{translate("waypost.auth.title")}</h1>
        <SignInForm signIn={(email, password) => login({ email, password })} />
      </div>
    </main>
  );
}
