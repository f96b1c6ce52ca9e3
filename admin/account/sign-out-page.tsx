import { Button } from "@mui/material";
import { useEffect, useState } from "react";
import { type HttpError, useLogout, useTranslate } from "react-admin";
import { Navigate, useLocation } from "react-router-dom";

export const SIGN_OUT_PATH = "/sign-out";

/** Where one goes to sign out, so that a form with unsaved changes asks first. Only our own menu leads here: a link from elsewhere does nothing. */
export function SignOutPage() {
  const { state } = useLocation();
  return state?.isMeant ? <SigningOut /> : <Navigate to="/" replace />;
}

/** Says "signed out" only when the session has ended; if nobody could end it, says that it goes on. */
function SigningOut() {
  const translate = useTranslate();
  const logout = useLogout();
  const [problem, setProblem] = useState<string | null>(null);
  const signOut = () => {
    setProblem(null);
    logout({}, "/login", false).catch((error: HttpError) => setProblem(error.message));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once.
  useEffect(signOut, []);
  if (!problem) return <div className="empty" aria-busy="true" />;
  return (
    <div className="empty" role="alert">
      <p className="strong">{translate("waypost.auth.stillIn")}</p>
      <p>{translate(problem, { _: problem })}</p>
      <Button variant="outlined" onClick={signOut}>
        {translate("waypost.error.retry")}
      </Button>
    </div>
  );
}
