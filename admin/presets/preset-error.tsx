import { type HttpError, useTranslate } from "react-admin";

/** Why a preset could not be fetched. */
export function PresetError({ error }: { error: HttpError }) {
  const translate = useTranslate();
  return <p className="bad-text">{translate(error.message, { _: error.message })}</p>;
}
