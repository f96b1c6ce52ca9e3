import { createTheme, type Theme } from "@mui/material/styles";
import tokens from "./tokens.css?inline";

/** A colour of tokens.css by its name. MUI calculates with some and needs their values; everything else reads the variables. */
function tokenOf(mode: "light" | "dark", name: string): string {
  const [light = "", dark = ""] = tokens.split(/\[data-theme="?dark"?\]/);
  const value = new RegExp(`--${name}: ?(#[0-9a-f]+)`).exec(mode === "light" ? light : dark)?.[1];
  if (!value) throw new Error(`tokens.css has no ${mode} colour "${name}".`);
  return value;
}

const raised = {
  backgroundColor: "var(--raised)",
  backgroundImage: "none",
  border: "1px solid var(--line)",
  boxShadow: "var(--float)",
  borderRadius: 12,
};
const caption = { fontSize: 12, lineHeight: "16px", color: "var(--ink3)", fontWeight: 400 };

/** react-admin's components in Waypost's look: one theme, in both schemes. */
export function createWaypostTheme(mode: "light" | "dark"): Theme {
  const tone = (name: string) => tokenOf(mode, name);
  return createTheme({
    palette: {
      mode,
      primary: { main: tone("accent") },
      secondary: { main: tone("ink") },
      error: { main: tone("bad") },
      background: { default: tone("page"), paper: tone("surface") },
      text: { primary: tone("ink"), secondary: tone("ink2") },
      divider: tone("line"),
    },
    shape: { borderRadius: 8 },
    typography: {
      fontFamily: "var(--sans)",
      fontSize: 14,
      body1: { fontSize: 14, lineHeight: "20px" },
      body2: { fontSize: 13, lineHeight: "18px" },
      button: { textTransform: "none", fontWeight: 500, fontSize: 13, lineHeight: "18px" },
      h5: { fontSize: 20, lineHeight: "28px", fontWeight: 600, letterSpacing: "-0.015em" },
      h6: { fontSize: 14, lineHeight: "20px", fontWeight: 600 },
    },
    components: {
      MuiButtonBase: { defaultProps: { disableRipple: true } },
      MuiButton: {
        defaultProps: { disableElevation: true, size: "medium" },
        styleOverrides: {
          root: {
            minHeight: 32,
            padding: "5px 12px",
            borderRadius: 8,
            color: "var(--ink)",
            whiteSpace: "nowrap",
            "&:hover": { backgroundColor: "var(--sunk)" },
            "&[aria-disabled=true]": { color: "var(--ink3)", cursor: "default" },
            "@media (pointer: coarse)": { minHeight: 44 },
          },
          outlined: { borderColor: "var(--line2)", backgroundColor: "var(--surface)" },
          contained: {
            backgroundColor: "var(--ink)",
            color: "var(--page)",
            "&:hover": { backgroundColor: "var(--ink2)" },
            "&.Mui-disabled, &[aria-disabled=true]": { backgroundColor: "var(--off-bg)", color: "var(--ink3)" },
          },
        },
      },
      MuiIconButton: { styleOverrides: { root: { borderRadius: 8, color: "var(--ink2)" } } },
      MuiPaper: { styleOverrides: { root: { backgroundImage: "none" } } },
      MuiCard: {
        defaultProps: { elevation: 0 },
        styleOverrides: {
          root: { border: "1px solid var(--line)", borderRadius: 12, backgroundColor: "var(--surface)" },
        },
      },
      MuiMenu: { styleOverrides: { paper: raised } },
      MuiPopover: { styleOverrides: { paper: raised } },
      MuiAutocomplete: { styleOverrides: { paper: raised, option: { fontSize: 13 } } },
      MuiDialog: { styleOverrides: { paper: { ...raised, borderRadius: 16 } } },
      MuiMenuItem: {
        styleOverrides: { root: { fontSize: 13, minHeight: 32, "@media (pointer: coarse)": { minHeight: 44 } } },
      },
      MuiTooltip: { defaultProps: { enterDelay: 400 } },
      MuiInputBase: { styleOverrides: { root: { fontSize: 14 } } },
      MuiOutlinedInput: {
        styleOverrides: {
          root: {
            backgroundColor: "var(--surface)",
            borderRadius: 8,
            "& .MuiOutlinedInput-notchedOutline": { borderColor: "var(--line2)" },
            "&.Mui-focused .MuiOutlinedInput-notchedOutline": { borderColor: "var(--accent)", borderWidth: 2 },
          },
          input: { paddingTop: 8, paddingBottom: 8, height: 20 },
        },
      },
      MuiFormHelperText: {
        styleOverrides: { root: { ...caption, marginLeft: 0, "&.Mui-error": { color: "var(--bad)" } } },
      },
      MuiFormControl: { defaultProps: { size: "small", margin: "none" } },
      MuiTextField: { defaultProps: { size: "small", variant: "outlined", margin: "none" } },
      MuiTableCell: {
        styleOverrides: {
          root: { borderColor: "var(--line)" },
          sizeSmall: { padding: "0 12px", height: 36, fontSize: 13, lineHeight: "18px", whiteSpace: "nowrap" },
          head: { ...caption, backgroundColor: "var(--surface)" },
        },
      },
      MuiTableRow: {
        styleOverrides: {
          root: {
            "&.MuiTableRow-hover:hover": { backgroundColor: "var(--sunk)" },
            "&:last-child td": { borderBottom: 0 },
          },
        },
      },
      MuiTableSortLabel: {
        styleOverrides: { root: { color: "inherit", "&.Mui-active": { color: "var(--ink)", fontWeight: 500 } } },
      },
      MuiSnackbarContent: {
        styleOverrides: { root: { backgroundColor: "var(--ink)", color: "var(--page)", borderRadius: 12 } },
      },
      // react-admin names a row's checkbox at its frame, and MUI leaves the box in it without a name.
      MuiCheckbox: {
        defaultProps: {
          slotProps: { input: (owner) => ({ "aria-label": (owner as { "aria-label"?: string })["aria-label"] }) },
        },
      },
      MuiSwitch: { defaultProps: { size: "small" } },
    },
  });
}
