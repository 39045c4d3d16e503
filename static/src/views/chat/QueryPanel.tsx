import type { JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import type { OpenConversation } from "../../core/conversation";
import { queryOf, type Turn } from "../../core/store";
import { CopyButton } from "../shell/CopyButton";
import { Icon } from "../shell/icons";
import { StreamedCode } from "./StreamedCode";
import { count } from "./words";

const QueryEditor = lazy(async () => (await import("../editor/QueryEditor")).QueryEditor);

/** The query as it is written, earlier attempts folded away, and the way into the editor. */
export function QueryPanel({ turn, open }: { turn: Turn; open: OpenConversation }): JSX.Element | null {
  const [editing, setEditing] = useState(false);
  const query = queryOf(turn);
  if (!query && !turn.drafts.length) return null;
  const last = turn.drafts.at(-1);
  const streaming = last?.open ?? false;
  const dialect = turn.outcome?.dialect ?? last?.dialect ?? "sql";
  // The final query may have been a draft word for word; then that draft is not an earlier attempt.
  const earlier = turn.drafts.filter((d, i) => d.text.trim() && (i < turn.drafts.length - 1 || (!streaming && d.text.trim() !== query.trim())));
  const explanation = turn.outcome?.explanation;

  return (
    <div class="query-panel" role="group" aria-label="Query">
      <header class="panel-head">
        <span class="panel-title">{dialect}</span>
        {streaming && <span class="panel-note">writing…</span>}
        {turn.status === "failed" && <span class="panel-note">best attempt, not run</span>}
        <span class="spacer" />
        <CopyButton text={query} label="Copy the query" />
        {!editing && (
          <button type="button" class="quiet" data-testid="edit-query" disabled={streaming} onClick={() => setEditing(true)}>
            <Icon name="pencil" size={14} /> Edit and run
          </button>
        )}
      </header>
      {editing ? (
        <Suspense fallback={<StreamedCode text={query} open={false} testid="query" />}>
          <QueryEditor query={query} dialect={dialect} conversationId={open.id} close={() => setEditing(false)} />
        </Suspense>
      ) : (
        <StreamedCode text={streaming ? (last?.text ?? "") : query} open={streaming} testid="query" />
      )}
      {explanation && !editing && (
        <div class="explanation">
          <p dir="auto">{explanation}</p>
        </div>
      )}
      {earlier.length > 0 && (
        <details class="earlier">
          <summary>{count(earlier.length, "earlier attempt")}</summary>
          {earlier.map((draft, index) => (
            <div key={draft.messageId}>
              <p class="panel-note">Attempt {index + 1}</p>
              <StreamedCode text={draft.text} open={false} />
            </div>
          ))}
        </details>
      )}
    </div>
  );
}
