import { useEffect } from "react";
import { useTheme } from "react-admin";

/** Shows every page light or dark: as the operator has chosen, else as the system is, also when that changes. Draws nothing. */
export function ColorScheme() {
  const [scheme] = useTheme();
  useEffect(() => {
    if (scheme) document.documentElement.dataset.theme = scheme;
  }, [scheme]);
  return null;
}
