import { useTranslate } from "react-admin";
import { labelOf } from "./label";

/** What a resource is called on the screen, as a list; one that the texts do not name is called as in the schema. */
export function useTitles(): (resource: string) => string {
  const translate = useTranslate();
  return (resource) => translate(`waypost.resources.${resource}`, { _: labelOf(resource) });
}
