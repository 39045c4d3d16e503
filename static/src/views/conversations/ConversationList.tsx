import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ConversationSummary } from "../../core/api";
import { conversations, conversationsError, currentId, deleteConversation, loadConversations, loadOlder, olderCursor, open, renameConversation, search, startNew } from "../../core/workspace";
import { plainClick } from "../shell/clicks";
import { Icon } from "../shell/icons";
import { closeFloating } from "../shell/panels";

/** After this long without a key the search is sent. */
const SEARCH_MS = 200;

export function ConversationList(): JSX.Element {
  const [doomed, setDoomed] = useState<ConversationSummary | null>(null);
  const timer = useRef<number | undefined>(undefined);
  const items = conversations.value;

  const onSearch = (text: string): void => {
    search.value = text;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void loadConversations(), SEARCH_MS);
  };

  return (
    <nav class="list" id="conversation-list" aria-label="Conversations">
      <div class="list-head">
        <button
          type="button"
          class="button is-wide"
          onClick={() => {
            startNew();
            closeFloating();
            document.getElementById("question")?.focus();
          }}
        >
          <Icon name="plus" /> New <kbd>n</kbd>
        </button>
        <label class="search">
          <Icon name="search" size={14} />
          <span class="sr-only">Search conversations</span>
          <input
            id="conversation-search"
            type="search"
            placeholder="Search"
            value={search.value}
            onInput={(event) => onSearch(event.currentTarget.value)}
            onKeyDown={(event) => {
              const first = items?.[0];
              if (event.key === "Enter" && first) {
                open(first.conversation_id);
                closeFloating();
              }
              if (event.key === "ArrowDown") {
                event.preventDefault();
                document.querySelector<HTMLElement>(".list-item a")?.focus();
              }
            }}
          />
          <kbd>Ctrl K</kbd>
        </label>
      </div>
      <div class="list-body">
        {conversationsError.value && (
          <p class="list-note" role="alert">
            {conversationsError.value}{" "}
            <button type="button" class="link-button" onClick={() => void loadConversations()}>
              Try again
            </button>
          </p>
        )}
        {items?.length === 0 && <p class="list-note">{search.value ? "Nothing found." : "Your conversations will be listed here."}</p>}
        {items &&
          groups(items).map(([title, group]) => (
            <section key={title} aria-label={title}>
              <h2 class="eyebrow">{title}</h2>
              <ul onKeyDown={moveFocus}>
                {group.map((item) => (
                  <Item key={item.conversation_id} item={item} remove={() => setDoomed(item)} />
                ))}
              </ul>
            </section>
          ))}
        {olderCursor.value && (
          <button type="button" class="link-button list-more" onClick={() => void loadOlder()}>
            Older conversations
          </button>
        )}
      </div>
      {doomed && <DeleteDialog item={doomed} close={() => setDoomed(null)} />}
    </nav>
  );
}

function Item({ item, remove }: { item: ConversationSummary; remove: () => void }): JSX.Element {
  const [naming, setNaming] = useState(false);
  const isCurrent = currentId.value === item.conversation_id;
  const title = item.title || "Untitled";
  if (naming) return <NameForm item={item} close={() => setNaming(false)} />;
  return (
    <li class="list-item" data-testid="conversation-item" data-current={isCurrent}>
      <a
        href={`/c/${item.conversation_id}`}
        aria-current={isCurrent ? "page" : undefined}
        title={title}
        onClick={(event) =>
          plainClick(event, () => {
            open(item.conversation_id);
            closeFloating();
          })
        }
        onKeyDown={(event) => {
          if (event.key === "F2") setNaming(true);
          if (event.key === "Delete") remove();
        }}
      >
        {item.running && <span class="running-dot" role="img" aria-label="Running" />}
        <span class="list-title" dir="auto">
          {title}
        </span>
      </a>
      <span class="list-actions">
        <button type="button" class="icon-button is-small" data-testid="rename" aria-label={`Rename “${title}”`} title="Rename (F2)" onClick={() => setNaming(true)}>
          <Icon name="pencil" size={14} />
        </button>
        <button type="button" class="icon-button is-small" data-testid="delete" aria-label={`Delete “${title}”`} title="Delete (Del)" onClick={remove}>
          <Icon name="trash" size={14} />
        </button>
      </span>
    </li>
  );
}

function NameForm({ item, close }: { item: ConversationSummary; close: () => void }): JSX.Element {
  const [title, setTitle] = useState(item.title ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useLayoutEffect(() => field.current?.select(), []);
  const save = async (): Promise<void> => {
    if (done.current) return;
    const wanted = title.trim();
    if (!wanted || wanted === item.title) return close();
    done.current = true;
    try {
      await renameConversation(item.conversation_id, wanted);
      close();
    } catch (error) {
      done.current = false;
      setProblem((error as Error).message);
    }
  };
  return (
    <li class="list-item is-naming">
      <input
        ref={field}
        data-testid="rename-input"
        aria-label="New name"
        aria-invalid={problem !== null}
        title={problem ?? undefined}
        value={title}
        maxLength={200}
        onInput={(event) => setTitle(event.currentTarget.value)}
        onBlur={() => void save()}
        onKeyDown={(event) => {
          if (event.key === "Enter") void save();
          if (event.key === "Escape") {
            event.stopPropagation();
            done.current = true;
            close();
          }
        }}
      />
    </li>
  );
}

function DeleteDialog({ item, close }: { item: ConversationSummary; close: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="delete-title" onClose={close}>
      <h2 id="delete-title">Delete this conversation?</h2>
      <p>“{item.title || "Untitled"}” with all its questions and results. This cannot be undone.</p>
      {problem && (
        <p class="inline-error" role="alert">
          {problem}
        </p>
      )}
      <div class="form-row">
        <button
          type="button"
          class="button is-danger"
          data-testid="confirm-delete"
          onClick={async () => {
            try {
              await deleteConversation(item.conversation_id);
              dialog.current?.close();
            } catch (error) {
              setProblem((error as Error).message);
            }
          }}
        >
          Delete
        </button>
        <button type="button" class="button" autofocus onClick={() => dialog.current?.close()}>
          Keep
        </button>
      </div>
    </dialog>
  );
}

/** Arrow keys walk the titles across the groups. */
function moveFocus(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...document.querySelectorAll<HTMLElement>(".list-item a")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  if (event.key === "ArrowUp" && at === 0) document.getElementById("conversation-search")?.focus();
  else links[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
}

function groups(items: ConversationSummary[]): [string, ConversationSummary[]][] {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const day = 86_400_000;
  const name = (item: ConversationSummary): string => {
    const at = Date.parse(item.updated_at);
    if (!(at < midnight)) return "Today";
    if (at >= midnight - day) return "Yesterday";
    return at >= midnight - 7 * day ? "This week" : "Earlier";
  };
  const found = new Map<string, ConversationSummary[]>();
  for (const item of items) found.set(name(item), [...(found.get(name(item)) ?? []), item]);
  return [...found];
}
