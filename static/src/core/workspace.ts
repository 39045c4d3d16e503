/** What is open: the address, a page or a conversation, the datasets, the list of conversations and the conversation on screen. */
import { computed, effect, signal } from "@preact/signals";
import * as api from "./api";
import { newId, openConversation, type Asking, type OpenConversation } from "./conversation";
import { addressOf, pageAt, type Page } from "./page";

const PAGE = 50;
/** Remembered when the choice is left to the server. */
const ANY = "any";

export const status = signal<api.Status | null>(null);
export const datasets = signal<api.DatasetSummary[] | null>(null);
export const datasetsError = signal<string | null>(null);
export const schemas = signal<ReadonlyMap<string, api.Dataset>>(new Map());
/** The dataset for new conversations; null leaves the choice to the server, which tells its reason. */
const preferred = signal<string | null>(remembered("qf.dataset") === ANY ? null : remembered("qf.dataset"));
/** Chosen by hand for the conversation on screen; undefined when nothing was. */
const picked = signal<string | null | undefined>(undefined);
export const current = signal<OpenConversation | null>(null);
/** The page in place of a conversation. */
export const page = signal<Page | null>(null);
export const datasetId = computed(() => (picked.value !== undefined ? picked.value : (current.value?.datasetId.value ?? preferred.value)));
export const dataset = computed(() => datasets.value?.find((d) => d.dataset_id === datasetId.value) ?? null);
export const schema = computed(() => (datasetId.value ? (schemas.value.get(datasetId.value) ?? null) : null));

export const conversations = signal<api.ConversationSummary[] | null>(null);
export const conversationsError = signal<string | null>(null);
export const olderCursor = signal<string | null>(null);
export const search = signal("");

export const currentId = computed(() => current.value?.id ?? null);

export function start(): void {
  void loadStatus();
  void loadDatasets();
  void loadConversations();
  follow();
  addEventListener("popstate", follow);
  addEventListener("online", () => {
    if (!datasets.value) void loadDatasets();
    void loadConversations();
  });

  effect(() => {
    const id = datasetId.value;
    if (id) void loadSchema(id);
  });
  effect(() => {
    const open = current.value;
    const title = open?.title.value || open?.state.value.turns[0]?.question;
    const shown = page.value;
    if (shown) {
      const name = shown.is === "dataset" ? datasets.value?.find((d) => d.dataset_id === shown.id)?.name : undefined;
      document.title = `${name ?? (shown.is === "onboarding" ? "New dataset" : "Datasets")} · QueryForge`;
    } else document.title = title ? `${title} · QueryForge` : "QueryForge";
  });
}

let datasetsAsked = 0;

/** A list that was asked for before another one came is old: what was made meanwhile is not in it. */
export async function loadDatasets(): Promise<void> {
  const mine = ++datasetsAsked;
  try {
    const items = await api.datasets();
    if (mine !== datasetsAsked) return;
    datasets.value = items;
    datasetsError.value = null;
    const known = items.some((d) => d.dataset_id === preferred.value);
    if (!known && remembered("qf.dataset") !== ANY) preferred.value = items[0]?.dataset_id ?? null;
    else if (!known) preferred.value = null;
  } catch (error) {
    if (mine === datasetsAsked) datasetsError.value = (error as Error).message;
  }
}

export async function loadConversations(): Promise<void> {
  const asked = search.value;
  try {
    const { items, next } = await api.conversations({ search: asked, limit: PAGE });
    if (search.value !== asked) return;
    conversations.value = items;
    olderCursor.value = next ?? null;
    conversationsError.value = null;
  } catch (error) {
    conversationsError.value = (error as Error).message;
  }
}

export async function loadOlder(): Promise<void> {
  const before = olderCursor.value;
  if (!before) return;
  const asked = search.value;
  const { items, next } = await api.conversations({ search: asked, limit: PAGE, before });
  if (search.value !== asked) return;
  const known = new Set(conversations.value?.map((c) => c.conversation_id));
  conversations.value = [...(conversations.value ?? []), ...items.filter((c) => !known.has(c.conversation_id))];
  olderCursor.value = next ?? null;
}

export async function renameConversation(id: string, title: string): Promise<void> {
  await api.rename(id, title);
  conversations.value = conversations.value?.map((c) => (c.conversation_id === id ? { ...c, title } : c)) ?? null;
  if (currentId.value === id) void current.value?.reload();
}

export async function deleteConversation(id: string): Promise<void> {
  await api.remove(id);
  conversations.value = conversations.value?.filter((c) => c.conversation_id !== id) ?? null;
  if (currentId.value === id) startNew();
}

/** `null`: let the server choose from the question. */
export function chooseDataset(id: string | null): void {
  picked.value = id;
  preferred.value = id;
  remember("qf.dataset", id ?? ANY);
}

/** Asks in the open conversation, or begins one. */
export function ask(asking: Asking): void {
  if (!current.value) {
    const id = newId();
    history.pushState(null, "", `/c/${id}`);
    show(id, true);
  }
  current.value?.ask({ datasetId: datasetId.value ?? undefined, ...asking });
}

export function open(id: string): void {
  if (currentId.value === id) return;
  history.pushState(null, "", `/c/${id}`);
  show(id, false);
}

export function startNew(): void {
  if (location.pathname !== "/") history.pushState(null, "", "/");
  show(null, false);
}

export function openPage(to: Page): void {
  const address = addressOf(to);
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  show(null, false);
  page.value = to;
}

/** A question to a dataset, in a conversation of its own. */
export function askAnew(id: string, question: string): void {
  show(null, false);
  chooseDataset(id);
  ask({ question });
}

/** Something about a dataset was changed: what is held of it is read again. */
export async function datasetChanged(id: string): Promise<void> {
  const held = new Map(schemas.peek());
  if (held.delete(id)) schemas.value = held;
  if (datasetId.peek() === id) void loadSchema(id);
  await loadDatasets();
}

function follow(): void {
  const wantedPage = pageAt(location.pathname, location.search);
  if (wantedPage) {
    show(null, false);
    page.value = wantedPage;
    return;
  }
  const id = /^\/c\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  const wanted = id ? decodeURIComponent(id) : null;
  if (wanted !== currentId.value || !wanted) show(wanted, false);
}

function show(id: string | null, isNew: boolean): void {
  current.value?.close();
  page.value = null;
  picked.value = undefined;
  current.value = id ? openConversation(id, isNew, () => void loadConversations()) : null;
}

async function loadStatus(): Promise<void> {
  try {
    status.value = await api.status();
  } catch {
    // The badge about the generator is a courtesy; each answer carries its own.
  }
}

const schemaAsked = new Map<string, number>();

async function loadSchema(id: string): Promise<void> {
  if (schemas.peek().has(id)) return;
  const mine = (schemaAsked.get(id) ?? 0) + 1;
  schemaAsked.set(id, mine);
  try {
    const loaded = await api.dataset(id);
    if (schemaAsked.get(id) !== mine) return;
    schemas.value = new Map(schemas.peek()).set(id, loaded);
  } catch {
    // The panel says that there is no schema and offers to try again.
  }
}

export function reloadSchema(): void {
  if (datasetId.value) void loadSchema(datasetId.value);
}

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
