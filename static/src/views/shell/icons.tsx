import type { JSX } from "preact";

const paths = {
  menu: "M3 5h14M3 10h14M3 15h14",
  plus: "M10 4v12M4 10h12",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17 17",
  send: "M4 10h11M10.5 5 15.5 10l-5 5",
  stop: "M6 6h8v8H6Z",
  sun: "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.3 4.3l1.2 1.2M14.5 14.5l1.2 1.2M4.3 15.7l1.2-1.2M14.5 5.5l1.2-1.2",
  moon: "M16.5 11.6A7 7 0 0 1 8.4 3.5a7 7 0 1 0 8.1 8.1Z",
  schema: "M3 4.5h14v11H3ZM3 8.5h14M8 8.5v7",
  close: "M5 5l10 10M15 5 5 15",
  pencil: "M4 16l.8-3.2L13 4.6l2.4 2.4-8.2 8.2ZM11.5 6.1l2.4 2.4",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10M8.5 9v4.5M11.5 9v4.5",
  copy: "M7 7h9v9H7ZM4 13V4h9",
  check: "M4 10.5 8 14.5 16 6",
  up: "M6.5 9v7.5H4V9ZM6.5 9.2 9.6 3c1.3 0 2 .9 1.7 2.2L10.7 8h4.2c1 0 1.7.9 1.5 1.9l-1 5.2c-.2.8-.8 1.4-1.7 1.4H6.5",
  down: "M6.5 11V3.5H4V11ZM6.5 10.8 9.6 17c1.3 0 2-.9 1.7-2.2L10.7 12h4.2c1 0 1.7-.9 1.5-1.9l-1-5.2c-.2-.8-.8-1.4-1.7-1.4H6.5",
  chevron: "M7.5 5 12.5 10l-5 5",
  database: "M4 5.5c0-1.4 2.7-2.5 6-2.5s6 1.1 6 2.5v9c0 1.4-2.7 2.5-6 2.5s-6-1.1-6-2.5ZM4 5.5C4 6.9 6.7 8 10 8s6-1.1 6-2.5M4 10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5",
  table: "M3 4.5h14v11H3ZM3 8.2h14M3 11.9h14M8 4.5v11",
  chart: "M4 16V9.5M9 16V4.5M14 16v-4M3 16.5h14",
  download: "M10 3.5v9M6.5 9.5l3.5 3.5 3.5-3.5M4 16.5h12",
  retry: "M15.5 6.5A6.5 6.5 0 1 0 16.5 10M16 3v4h-4",
  alert: "M10 3.5 17.5 16.5h-15ZM10 8.5v3.5M10 14.2v.3",
  play: "M6.5 4.5 15.5 10l-9 5.5Z",
  sortAsc: "M10 15V5M6 9l4-4 4 4",
  sortDesc: "M10 5v10M6 11l4 4 4-4",
} as const;

export type IconName = keyof typeof paths;

/** Decorative: the control that holds it carries the label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill={name === "stop" || name === "play" ? "currentColor" : "none"} stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

export function Mark(): JSX.Element {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true" class="mark">
      <rect width="32" height="32" rx="7" class="mark-ground" />
      <path d="M8 9.5 15.5 16 8 22.5" fill="none" class="mark-prompt" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
      <rect x="17" y="20.5" width="8" height="3.4" rx="1.2" class="mark-cursor" />
    </svg>
  );
}
