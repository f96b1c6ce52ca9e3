/** Line drawings on a 24 × 24 field, drawn for Waypost. */
const paths = {
  dashboard: "M4 4h7v7H4zM13 4h7v4h-7zM13 10h7v10h-7zM4 13h7v7H4z",
  flows: "M4 7h6a4 4 0 0 1 4 4v2a4 4 0 0 0 4 4h2M17 14l3 3-3 3M7 4 4 7l3 3",
  clicks: "M9 9l11 4-5 2-2 5zM4 4l2 2M9 3v2M3 9h2",
  conversions: "M4 12l5 5L20 6",
  postbackLogs: "M4 5h16v14H4zM4 7l8 6 8-6",
  postbackKeys: "M8 4a4 4 0 1 1-.1 8A4 4 0 0 1 8 4zM11 11l8 8M16 16l-2 2",
  putAsides: "M4 5h16v6H4zM6 11v8h12v-8M10 15h4",
  help: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.7-.9 1.4v.6M12 17h.01",
  copy: "M8 8h11v12H8zM16 8V4H5v12h3",
  check: "M5 12l5 5L19 7",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  left: "M15 6l-6 6 6 6",
  right: "M9 6l6 6-6 6",
  last: "M6 6l6 6-6 6M17 6v12",
  refresh: "M20 12a8 8 0 1 1-2.4-5.7M20 3v4h-4",
  columns: "M4 5h4v14H4zM10 5h4v14h-4zM16 5h4v14h-4z",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4 4",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  globe: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5",
  moon: "M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z",
  user: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20c1-4 4-6 8-6s7 2 8 6",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  logo: "M12 21V3M12 5h6l2 2-2 2h-6M12 10H7l-2 2 2 2h5",
} as const;

export type IconName = keyof typeof paths;

export function isIcon(name: string): name is IconName {
  return Object.hasOwn(paths, name);
}

/** A drawing beside a word; it says nothing of its own to screen readers. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
