import { current, startNew } from "../../core/workspace";
import { runningTurn } from "../../core/store";
import { helpOpen } from "./Help";
import { closeFloating, isNarrow, listOpen, schemaFloats, schemaOpen } from "./panels";

/**
 * `/` question, Ctrl+K conversations, `n` new, `?` this list, Esc closes what lies over the page, then stops the running turn.
 * Letters count only while nothing is being typed.
 */
export function listenForShortcuts(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target as HTMLElement;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      const field = (): HTMLElement | null => document.getElementById("conversation-search");
      if (listOpen.value) return field()?.focus();
      listOpen.value = true;
      requestAnimationFrame(() => field()?.focus());
      return;
    }
    if (event.key === "Escape") {
      if (target.closest("dialog, .cm-editor")) return;
      if ((isNarrow.value && listOpen.value) || (schemaFloats.value && schemaOpen.value)) closeFloating();
      else if (current.value && runningTurn(current.value.state.value)) current.value.stop();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("question")?.focus();
    } else if (event.key === "?") {
      event.preventDefault();
      helpOpen.value = true;
    } else if (event.key === "n") {
      event.preventDefault();
      startNew();
      requestAnimationFrame(() => document.getElementById("question")?.focus());
    }
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

function isTyping(target: HTMLElement): boolean {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
