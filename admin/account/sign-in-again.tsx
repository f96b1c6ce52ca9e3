import { Button } from "@mui/material";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslate } from "react-admin";
import { lookWhetherSignedIn, signIn } from "../data/auth-provider";
import { signedInUser, useWayIn, type WayIn } from "../data/session";
import { Modal } from "../layout/modal";
import { SignInForm } from "./sign-in-form";

/** Over the page whose session has ended: what is on it waits, stays as it is, and goes on afterwards. */
export function SignInAgain() {
  const wayIn = useWayIn();
  return wayIn && <Asking wayIn={wayIn} />;
}

function Asking({ wayIn: { was, giveUp } }: { wayIn: WayIn }) {
  const translate = useTranslate();
  const queries = useQueryClient();
  // A sign-in in another tab counts here too.
  useEffect(() => {
    window.addEventListener("focus", lookWhetherSignedIn);
    return () => window.removeEventListener("focus", lookWhetherSignedIn);
  }, []);
  return (
    <Modal label={translate("waypost.auth.title")} close={giveUp}>
      <div className="sign-in-again">
        <h2>{translate("waypost.auth.title")}</h2>
        <SignInForm
          email={was.email}
          note="waypost.auth.ended"
          signIn={async (email, password) => {
            await signIn(email, password);
            if (signedInUser()?.id !== was.id) await queries.invalidateQueries();
          }}
        />
        <p className="ink2">{translate("waypost.auth.stays")}</p>
        <Button onClick={giveUp}>{translate("waypost.auth.notNow")}</Button>
      </div>
    </Modal>
  );
}
