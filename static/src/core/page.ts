/** Pages beside the conversations, and their addresses. */

export const TABS = ["overview", "schema", "glossary", "examples", "stats"] as const;
export type Tab = (typeof TABS)[number];

export type Page =
  | { is: "datasets" }
  | { is: "onboarding" }
  /** `example`: that one alone. `table`: the one whose columns are shown. */
  | { is: "dataset"; id: string; tab: Tab; example?: string; table?: string };

export function addressOf(page: Page): string {
  if (page.is === "datasets") return "/datasets";
  if (page.is === "onboarding") return "/datasets/new";
  const base = `/datasets/${encodeURIComponent(page.id)}`;
  if (page.tab === "overview") return base;
  if (page.example) return `${base}/examples/${encodeURIComponent(page.example)}`;
  return `${base}/${page.tab}${page.table === undefined ? "" : `?${new URLSearchParams({ table: page.table })}`}`;
}

/** `null`: the address is of no page. */
export function pageAt(path: string, search: string): Page | null {
  const [root, id, tab, rest, ...more] = path.replace(/^\/+|\/+$/g, "").split("/").map(decoded);
  if (root !== "datasets" || more.length) return null;
  if (!id) return { is: "datasets" };
  if (id === "new") return { is: "onboarding" };
  const known = TABS.find((name) => name === (tab ?? "overview"));
  if (!known) return { is: "dataset", id, tab: "overview" };
  const table = new URLSearchParams(search).get("table");
  return {
    is: "dataset",
    id,
    tab: known,
    ...(known === "examples" && rest ? { example: rest } : {}),
    ...(known === "schema" && table !== null ? { table } : {}),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
