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
  down: "M6.5 11V3.500H4V11ZM6.5 10.800 9.600 17c1.300 0 2-.9 1.700-2.200L10.700 12h4.200c1 0 1.700-.9 1.500-1.900l-1-5.200c-.2-.8-.8-1.400-1.700-1.400H6.500",
  chevron: "M7.500 5 12.500 10l-5 5",
  table: "M3 4.500h14v11H3ZM3 8.200h14M3 11.900h14M8 4.500v11",
  chart: "M4 16V9.500M9 16V4.500M14 16v-4M3 16.500h14",
  download: "M10 3.500v9M6.500 9.500l3.500 3.500 3.500-3.500M4 16.500h12",
  key: "M12.500 9a3.200 3.200 0 1 0-3-2.200L4 12.300V15.500h3.200v-2h2v-2l1.300-1.300c.6.2 1.300.1 2-1.200Z",
  link: "M8.500 11.500a3 3 0 0 0 4.300 0l2.500-2.500a3 3 0 0 0-4.300-4.300l-.9.9M11.500 8.500a3 3 0 0 0-4.300 0L4.700 11a3 3 0 0 0 4.300 4.300l.9-.9",
  retry: "M15.500 6.500A6.500 6.500 0 1 0 16.500 10M16 3v4h-4",
  alert: "M10 3.500 17.500 16.500h-15ZM10 8.500v3.500M10 14.200v.3",
  play: "M6.500 4.500 15.500 10l-9 5.500Z",
  sortAsc: "M10 15V5M6 9l4-4 4 4",
  sortDesc: "M10 5v10M6 11l4 4 4-4",
} as const;

export type IconName = keyof typeof paths;

/** Decorative: the control that holds it carries the label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

export function Mark(): JSX.Element {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true" class="mark">
      <rect width="32" height="32" rx="7" class="mark-ground" />
      <path d="M8 9.500 15.500 16 8 22.500" fill="none" class="mark-prompt" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
      <rect x="17" y="20.500" width="8" height="3.400" rx="1.200" class="mark-cursor" />
    </svg>
  );
}
