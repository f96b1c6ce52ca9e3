import polyglotI18nProvider from "ra-i18n-polyglot";
import { texts } from "./texts";

export const i18nProvider = polyglotI18nProvider(() => texts, "en", { allowMissing: true });
