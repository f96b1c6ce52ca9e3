import polyglotI18nProvider from "ra-i18n-polyglot";
import { resources } from "./schema/waypost";
import { texts } from "./texts";

/** What react-admin calls the columns of each resource where it asks for a word: their labels. */
const fields = Object.fromEntries(
  resources.map(({ name, columns }) => [
    name,
    { fields: Object.fromEntries(columns.map((column) => [column.name, column.label])) },
  ]),
);

export const i18nProvider = polyglotI18nProvider(() => ({ ...texts, resources: fields }), "en", {
  allowMissing: true,
});
