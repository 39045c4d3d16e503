import type { JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useEffect } from "preact/hooks";
import { addressOf } from "../../core/page";
import { current, openPage, page, startNew, status } from "../../core/workspace";
import { Chat } from "../chat/Chat";
import { ConversationList } from "../conversations/ConversationList";
import { SchemaBrowser } from "../schema/SchemaBrowser";
import { plainClick } from "./clicks";
import { ConnectionBanner, ConnectionLight } from "./Connection";
import { Icon, Mark } from "./icons";
import { closeFloating, isNarrow, listOpen, schemaFloats, schemaOpen, toggleList, toggleSchema } from "./panels";
import { Help, helpOpen } from "./Help";
import { listenForShortcuts } from "./shortcuts";
import { isDark, toggleTheme } from "./theme";
import { usageOpen } from "../usage/open";

const DatasetPages = lazy(async () => (await import("../datasets/DatasetPages")).DatasetPages);
const Usage = lazy(async () => (await import("../usage/Usage")).Usage);

export function App(): JSX.Element {
  useEffect(listenForShortcuts, []);
  const open = current.value;
  const shown = page.value;
  const hasSchema = schemaOpen.value && !shown;
  const floating = (isNarrow.value && listOpen.value) || (schemaFloats.value && hasSchema);

  return (
    <div class="shell" data-list={listOpen.value} data-schema={hasSchema}>
      <a class="skip" href={shown ? "#main" : "#question"} onClick={shown ? focusPage : focusQuestion}>
        {shown ? "Skip to the page" : "Skip to the question"}
      </a>
      <header class="topbar">
        <button type="button" class="icon-button" id="toggle-list" aria-label="Conversations" aria-expanded={listOpen.value} aria-controls="conversation-list" onClick={toggleList}>
          <Icon name="menu" size={18} />
        </button>
        <a class="brand" href="/" onClick={(event) => plainClick(event, startNew)} aria-label="QueryForge, new conversation">
          <Mark />
          <span>QueryForge</span>
        </a>
        <h1 class="topbar-title">{shown ? "Datasets" : open ? (open.title.value || open.state.value.turns[0]?.question || "") : "New conversation"}</h1>
        {status.value?.generator.kind === "builtin" && (
          <span class="topbar-note" title="No language model is configured. Queries are composed by rules from the schema.">
            Built-in generator
          </span>
        )}
        {open && <ConnectionLight connection={open.connection.value} />}
        <a class="icon-button" href={addressOf({ is: "datasets" })} data-testid="open-datasets" aria-label="Datasets" aria-current={shown ? "page" : undefined} onClick={(event) => plainClick(event, () => openPage({ is: "datasets" }))}>
          <Icon name="database" size={18} />
        </a>
        <button type="button" class="icon-button" data-testid="open-usage" aria-label="Usage and cost" onClick={() => (usageOpen.value = true)}>
          <Icon name="chart" size={18} />
        </button>
        <button type="button" class="icon-button" data-testid="theme-toggle" aria-label={isDark.value ? "Use light colours" : "Use dark colours"} onClick={toggleTheme}>
          <Icon name={isDark.value ? "sun" : "moon"} size={18} />
        </button>
        {!shown && (
          <button type="button" class="icon-button" id="toggle-schema" aria-label="Schema" aria-expanded={schemaOpen.value} aria-controls="schema-browser" onClick={toggleSchema}>
            <Icon name="schema" size={18} />
          </button>
        )}
      </header>
      {listOpen.value && <ConversationList />}
      <main class="main" id="main" inert={floating}>
        {open && <ConnectionBanner open={open} />}
        {shown ? (
          <Suspense fallback={<div class="skeleton is-page" role="status" aria-label="Loading the page" />}>
            <DatasetPages page={shown} />
          </Suspense>
        ) : (
          <Chat key={open?.id ?? "new"} open={open} />
        )}
      </main>
      {hasSchema && <SchemaBrowser />}
      {helpOpen.value && <Help />}
      {usageOpen.value && (
        <Suspense fallback={null}>
          <Usage />
        </Suspense>
      )}
      {floating && <div class="scrim" onClick={closeFloating} />}
    </div>
  );
}

function focusQuestion(event: Event): void {
  event.preventDefault();
  document.getElementById("question")?.focus();
}

function focusPage(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>(".page h2")?.focus();
}
