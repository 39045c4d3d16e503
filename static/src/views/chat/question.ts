/** The text being written, shared by the question box, the examples and the schema browser. */
import { signal } from "@preact/signals";

export const questionText = signal("");

const field = (): HTMLTextAreaElement | null => document.getElementById("question") as HTMLTextAreaElement | null;

export function focusQuestion(): void {
  requestAnimationFrame(() => field()?.focus());
}

/** The question comes back into the box, to be asked in other words. */
export function rephrase(question: string): void {
  questionText.value = question;
  focusQuestion();
}

/** Puts a name where the caret is, with a space on each side that lacks one. */
export function insertIntoQuestion(name: string): void {
  const box = field();
  const text = questionText.value;
  const from = box?.selectionStart ?? text.length;
  const to = box?.selectionEnd ?? from;
  const before = text.slice(0, from);
  const after = text.slice(to);
  const inserted = `${before && !/\s$/.test(before) ? " " : ""}${name}${/^\s/.test(after) ? "" : " "}`;
  questionText.value = before + inserted + after;
  requestAnimationFrame(() => {
    const caret = before.length + inserted.length;
    box?.focus();
    box?.setSelectionRange(caret, caret);
  });
}
