import { Button } from "@mui/material";
import { type ReactNode } from "react";
import { useTranslate } from "react-admin";

interface TroubleProps {
  error: unknown;
  retry?: () => void;
  /** Further ways on. */
  children?: ReactNode;
}

/** In place of what could not be shown: why, and the way to ask again. */
export function Trouble({ error, retry, children }: TroubleProps) {
  const translate = useTranslate();
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div className="empty" role="alert">
      <p className="strong">{translate("waypost.error.title")}</p>
      <p>{translate(message, { _: message })}</p>
      {retry && (
        <Button variant="outlined" onClick={retry}>
          {translate("waypost.error.retry")}
        </Button>
      )}
      {children}
    </div>
  );
}
