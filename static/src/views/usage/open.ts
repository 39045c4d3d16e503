import { signal } from "@preact/signals";

/** Apart from the page itself, so that its plots are fetched when it is opened. */
export const usageOpen = signal(false);
