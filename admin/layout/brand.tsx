import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { Icon } from "./icons";

/** The product's sign and name, leading to today. */
export function Brand({ className }: { className?: string }) {
  const translate = useTranslate();
  return (
    <Link to="/" className={["brand", className].filter(Boolean).join(" ")}>
      <span className="logo">
        <Icon name="logo" size={14} />
      </span>
      {translate("waypost.name")}
    </Link>
  );
}
