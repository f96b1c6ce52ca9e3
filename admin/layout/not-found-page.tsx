import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";

/** An address that the admin does not have. */
export function NotFoundPage() {
  const translate = useTranslate();
  return (
    <div className="empty">
      <p className="strong">{translate("waypost.notFound.title")}</p>
      <Link to="/">{translate("waypost.notFound.back")}</Link>
    </div>
  );
}
