import polyglotI18nProvider from "ra-i18n-polyglot";
import { type TranslationMessages } from "react-admin";
import { resources } from "./schema/waypost";
import { texts } from "./texts";

/** What react-admin calls the columns of each resource where it asks for a word: their labels. */
const fields = Object.fromEntries(
  resources.map(({ name, columns }) => [
    name,
    { fields: Object.fromEntries(columns.map((column) => [column.name, column.label])) },
  ]),
);

/** react-admin's parts that are not used here need no words. */
const messages = { ...texts, resources: fields } as unknown as TranslationMessages;

export const i18nProvider = polyglotI18nProvider(() => messages, "en", { allowMissing: true });
