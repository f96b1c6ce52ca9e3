import { Button } from "@mui/material";
import { useListContext, useTranslate } from "react-admin";
import { Icon, type IconName } from "../layout/icons";

/** Which rows these are, of how many; the page, and the way to another. Always in view. */
export function ListFooter() {
  const translate = useTranslate();
  const { page, perPage, total = 0, isPending } = useListContext();
  if (isPending) return <div className="list-foot" />;
  const pages = Math.max(1, Math.ceil(total / perPage));
  const from = (page - 1) * perPage + 1;
  const shown = (value: number) => value.toLocaleString("en");
  return (
    <nav className="list-foot" aria-label={translate("waypost.list.perPage", { count: perPage })}>
      <span className="num">
        {translate("waypost.list.rows", {
          from: shown(from),
          to: shown(Math.min(total, from + perPage - 1)),
          total: shown(total),
        })}
      </span>
      <span className="spring" />
      <span className="ink2 desk-only">{translate("waypost.list.perPage", { count: perPage })}</span>
      <Turn name="previous" icon="left" to={page - 1} disabled={page <= 1} />
      <span className="num ink2">{translate("waypost.list.page", { page: shown(page), pages: shown(pages) })}</span>
      <Turn name="next" icon="right" to={page + 1} disabled={page >= pages} />
      <Turn name="last" icon="last" to={pages} disabled={page >= pages} />
    </nav>
  );
}

function Turn({
  name,
  icon,
  to,
  disabled,
}: {
  name: "next" | "previous" | "last";
  icon: IconName;
  to: number;
  disabled: boolean;
}) {
  const translate = useTranslate();
  const { setPage } = useListContext();
  return (
    <Button
      variant="outlined"
      className="turn"
      aria-label={translate(`waypost.list.${name}`)}
      disabled={disabled}
      onClick={() => setPage(to)}
    >
      <Icon name={icon} />
    </Button>
  );
}
