import { useState } from "preact/hooks";

const kept = new Map<string, unknown>();
const keyOf = (name: string): string => `qf.draft.${name}`;

/**
 * What is being typed into a form. It outlives an error, a look at another page and a reload of this tab, and ends when
 * the form says so. Members of `initial` that a kept draft lacks are taken from it.
 */
export function useDraft<T extends object>(name: string, initial: T): [T, (change: Partial<T>) => void, () => void] {
  const [value, setValue] = useState<T>(() => ({ ...initial, ...recall<T>(name) }));
  const change = (part: Partial<T>): void =>
    setValue((before) => {
      const next = { ...before, ...part };
      keep(name, next);
      return next;
    });
  const clear = (): void => {
    keep(name, null);
    setValue(initial);
  };
  return [value, change, clear];
}

export function hasDraft(name: string): boolean {
  return recall(name) !== null;
}

function recall<T>(name: string): Partial<T> | null {
  if (kept.has(name)) return kept.get(name) as Partial<T>;
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(name)) ?? "null") as Partial<T> | null;
  } catch {
    return null;
  }
}

function keep(name: string, value: object | null): void {
  if (value) kept.set(name, value);
  else kept.delete(name);
  try {
    if (value) sessionStorage.setItem(keyOf(name), JSON.stringify(value));
    else sessionStorage.removeItem(keyOf(name));
  } catch {
    // Too large, or forbidden: it is kept as long as the page is, and nothing older in its place.
    try {
      sessionStorage.removeItem(keyOf(name));
    } catch {
      // There is nothing to remove.
    }
  }
}
