import { signal } from "@preact/signals";
import { remember, remembered } from "../../core/workspace";

/** Below this the side panels lie over the page instead of beside it. */
const NARROW = matchMedia("(max-width: 860px)");
const MEDIUM = matchMedia("(max-width: 1180px)");

export const isNarrow = signal(NARROW.matches);
/** The schema panel needs more room than the list before it may stand beside the page. */
export const schemaFloats = signal(MEDIUM.matches);
NARROW.addEventListener("change", () => {
  isNarrow.value = NARROW.matches;
  listOpen.value = !NARROW.matches;
});
MEDIUM.addEventListener("change", () => {
  schemaFloats.value = MEDIUM.matches;
  if (MEDIUM.matches) schemaOpen.value = false;
});

export const listOpen = signal(!NARROW.matches);
export const schemaOpen = signal(!MEDIUM.matches && remembered("qf.schema") !== "closed");

export function toggleList(): void {
  listOpen.value = !listOpen.value;
  if (isNarrow.value) focusSoon(listOpen.value ? "conversation-search" : "toggle-list");
}

export function toggleSchema(): void {
  schemaOpen.value = !schemaOpen.value;
  if (schemaFloats.value) focusSoon(schemaOpen.value ? "schema-filter" : "toggle-schema");
  if (!schemaFloats.value) remember("qf.schema", schemaOpen.value ? null : "closed");
}

/** A panel that lies over the page takes the focus, and gives it back to its button. */
function focusSoon(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}

/** After a choice in a panel that lies over the page, the page is wanted. */
export function closeFloating(): void {
  if (isNarrow.value) listOpen.value = false;
  if (schemaFloats.value) schemaOpen.value = false;
}
