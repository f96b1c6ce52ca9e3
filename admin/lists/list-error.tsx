import { Button } from "@mui/material";
import { type HttpError, useListContext, useTranslate } from "react-admin";

/** Why the rows could not be had, and the way to ask again. @param isBeside  whether rows are there: they stay, and stay where they are */
export function ListError({ isBeside }: { isBeside: boolean }) {
  const translate = useTranslate();
  const { error, refetch } = useListContext();
  const { message, body } = error as HttpError;
  return (
    <div className={isBeside ? "list-error" : "empty"} role="alert">
      <p className="strong">{translate("waypost.error.title")}</p>
      <p>{translate(message, { _: message })}</p>
      {body?.code && <p className="ink3">{translate("waypost.error.code", { code: body.code })}</p>}
      <Button variant="outlined" onClick={() => refetch()}>
        {translate("waypost.error.retry")}
      </Button>
    </div>
  );
}
