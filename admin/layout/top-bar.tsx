import { Button, IconButton, Menu, MenuItem, Popover } from "@mui/material";
import { Suspense, useRef, useState } from "react";
import { useGetIdentity, useTheme, useTranslate } from "react-admin";
import { Link, useLocation, useNavigate } from "react-router-dom";
import { SIGN_OUT_PATH } from "../account/sign-out-page";
import { SearchBox } from "../journey/search-box";
import { later } from "../later";
import { readFilter } from "../lists/list-link";
import { useTitles } from "../schema/title";
import { readRange } from "../zone/range";
import { useZone } from "../zone/use-zone";
import { offsetOf } from "../zone/written";
import { cityOf } from "../zone/zone-names";
import { Brand } from "./brand";
import { Icon } from "./icons";
import { seldom } from "./places";

/** Above every page: search, time zone, colours, account. */
export function TopBar() {
  return (
    <header className="top">
      <Brand className="top-brand" />
      <SearchBox />
      <span className="spring" />
      <ZonePicker />
      <SchemeButton />
      <AccountMenu />
    </header>
  );
}

const ZoneChoice = later(async () => (await import("../zone/zone-choice")).ZoneChoice);

/** The zone of everything on the screen; one that came with a link says so, with the way back. */
function ZonePicker() {
  const translate = useTranslate();
  const { zone, own, setOwn } = useZone();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const moveRange = useMoveRange();
  const offset = offsetOf(zone);
  const choose = (next: string) => {
    setAnchor(null);
    setOwn(next);
    moveRange(next);
  };
  return (
    <>
      {zone !== own && (
        <Button size="small" onClick={() => moveRange(own)}>
          {translate("waypost.zone.back", { city: cityOf(own) })}
        </Button>
      )}
      <Button
        ref={button}
        startIcon={<Icon name="globe" />}
        title={translate("waypost.zone.choose")}
        onClick={(event) => setAnchor(event.currentTarget)}
        onPointerEnter={ZoneChoice.begin}
        onFocus={ZoneChoice.begin}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        className="zone"
      >
        <span>{zone === own ? cityOf(zone) : translate("waypost.zone.linked", { city: cityOf(zone) })}</span>
        {offset !== cityOf(zone) && <span className="ink3 desk-only">{offset}</span>}
      </Button>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: "bottom", horizontal: "right" }}
        transformOrigin={{ vertical: "top", horizontal: "right" }}
        slotProps={{
          paper: { className: "zone-panel", role: "dialog", "aria-label": translate("waypost.zone.choose") },
          // In Firefox the focus would fall to the body.
          transition: { onExited: () => button.current?.focus() },
        }}
      >
        <Suspense fallback={null}>
          <ZoneChoice zone={zone} choose={choose} close={() => setAnchor(null)} />
        </Suspense>
      </Popover>
    </>
  );
}

/** Gives the range in the address another zone, where there is one. */
function useMoveRange(): (zone: string) => void {
  const navigate = useNavigate();
  const { search } = useLocation();
  return (zone) => {
    const filter = readFilter(search);
    const range = readRange(filter.range);
    if (!range) return;
    const params = new URLSearchParams(search);
    params.set("filter", JSON.stringify({ ...filter, range: { ...range, zone } }));
    navigate({ search: params.toString() });
  };
}

function SchemeButton() {
  const translate = useTranslate();
  const [scheme, setScheme] = useTheme();
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <IconButton
      aria-label={translate(`waypost.theme.${other}`)}
      title={translate(`waypost.theme.${other}`)}
      onClick={() => setScheme(other)}
    >
      <Icon name={other === "dark" ? "moon" : "sun"} />
    </IconButton>
  );
}

function AccountMenu() {
  const translate = useTranslate();
  const titleOf = useTitles();
  const { identity } = useGetIdentity();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  return (
    <>
      <IconButton
        aria-label={translate("waypost.menu.user")}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <Icon name="user" />
      </IconButton>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={close}>
        <MenuItem disabled className="menu-note">
          {identity?.fullName}
        </MenuItem>
        <MenuItem component={Link} to="/password" onClick={close}>
          {translate("waypost.password.title")}
        </MenuItem>
        {seldom.map((name) => (
          <MenuItem key={name} component={Link} to={`/${name}`} onClick={close} className="phone-only">
            {titleOf(name)}
          </MenuItem>
        ))}
        <MenuItem component={Link} to="/help" onClick={close} className="phone-only">
          {translate("waypost.menu.help")}
        </MenuItem>
        <MenuItem component={Link} to={SIGN_OUT_PATH} state={{ isMeant: true }} onClick={close}>
          {translate("waypost.auth.signOut")}
        </MenuItem>
      </Menu>
    </>
  );
}
