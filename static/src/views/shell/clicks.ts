/** Leaves clicks that ask for a new tab to the browser. */
export function plainClick(event: MouseEvent, run: () => void): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  run();
}
