import { effect, signal } from "@preact/signals";
import { remember, remembered } from "../../core/workspace";

export type Theme = "system" | "light" | "dark";

const stored = remembered("qf.theme");
export const theme = signal<Theme>(stored === "light" || stored === "dark" ? stored : "system");

const systemDark = matchMedia("(prefers-color-scheme: dark)");
export const isDark = signal(systemDark.matches);

export function applyTheme(): void {
  const settle = (): void => {
    isDark.value = theme.value === "dark" || (theme.value === "system" && systemDark.matches);
    document.documentElement.dataset["theme"] = isDark.value ? "dark" : "light";
  };
  effect(() => {
    remember("qf.theme", theme.value === "system" ? null : theme.value);
    settle();
  });
  systemDark.addEventListener("change", settle);
}

/** The other one of what is shown; back to the system's choice when that is the same. */
export function toggleTheme(): void {
  const wanted: Theme = isDark.value ? "light" : "dark";
  theme.value = (wanted === "dark") === systemDark.matches ? "system" : wanted;
}
