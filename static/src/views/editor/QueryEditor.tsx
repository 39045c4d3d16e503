import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { MariaSQL, MySQL, PostgreSQL, SQLite, StandardSQL, sql, type SQLDialect } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import * as api from "../../core/api";
import { datasetId, schema } from "../../core/workspace";
import { ResultPanel } from "../result/ResultPanel";
import type { First } from "../result/rows";
import { Icon } from "../shell/icons";

const DIALECTS: Record<string, SQLDialect> = { postgres: PostgreSQL, postgresql: PostgreSQL, mysql: MySQL, mariadb: MariaSQL, sqlite: SQLite };
/** Rows asked for at once; the rest comes page by page. */
const FIRST_ROWS = 1000;

interface Props {
  query: string;
  dialect: string;
  conversationId: string;
  close: () => void;
}

type Run = { is: "idle" } | { is: "running" } | { is: "done"; id: string; first: First } | { is: "refused"; message: string; findings: api.Finding[]; costly: boolean };

/** The query in a reader's own hands: edit, run, and see what is wrong at the line where it is wrong. */
export function QueryEditor({ query, dialect, conversationId, close }: Props): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [run, setRun] = useState<Run>({ is: "idle" });
  const running = useRef(false);

  const execute = async (whateverItCosts = false): Promise<void> => {
    const editor = view.current;
    const id = datasetId.value;
    if (!editor || !id || running.current) return;
    running.current = true;
    setRun({ is: "running" });
    editor.dispatch(setDiagnostics(editor.state, []));
    try {
      const done = await api.execute({ dataset_id: id, query: editor.state.doc.toString(), conversation_id: conversationId, limit: FIRST_ROWS, offset: 0, confirm_cost: whateverItCosts });
      setRun({
        is: "done",
        id: done.result_id,
        first: { columns: done.columns, rows: done.rows, rowCount: done.row_count, truncated: done.truncated, elapsedMs: done.elapsed_ms, chart: done.chart },
      });
    } catch (error) {
      const refusal = error as api.ApiError;
      const findings = refusal.details.findings ?? [];
      setRun({ is: "refused", message: refusal.message, findings, costly: refusal.code === "confirm_cost" });
      editor.dispatch(setDiagnostics(editor.state, findings.map((finding) => diagnosticOf(finding, editor.state.doc))));
    } finally {
      running.current = false;
    }
  };
  const latest = useRef(execute);
  latest.current = execute;

  useEffect(() => {
    const tables = Object.fromEntries((schema.value?.schema.tables ?? []).map((t) => [t.name, t.columns.map((c) => c.name)]));
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: query,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": "Query editor. Escape, then Tab, leaves it." }),
          sql({ dialect: DIALECTS[dialect.toLowerCase()] ?? StandardSQL, schema: tables }),
          syntaxHighlighting(colours),
          keymap.of([
            { key: "Mod-Enter", run: () => (void latest.current(), true) },
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
            indentWithTab,
          ]),
        ],
      }),
    });
    view.current = editor;
    editor.focus();
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  return (
    <div class="editor">
      <div ref={host} class="editor-host" data-testid="query-editor" />
      <div class="form-row">
        <button type="button" class="button is-primary" data-testid="run-query" disabled={run.is === "running"} onClick={() => void execute()}>
          <Icon name="play" size={14} /> {run.is === "running" ? "Running…" : "Run"}
        </button>
        <button type="button" class="button" onClick={close}>
          Close
        </button>
        <span class="panel-note">
          <kbd>Ctrl</kbd>+<kbd>Enter</kbd> runs. Only queries that read are allowed.
        </span>
      </div>
      {run.is === "refused" && (
        <div class="findings" role="alert" data-testid="findings">
          <p class="error-message">{run.findings.length ? "The query was not run." : run.message}</p>
          {run.costly && (
            <button type="button" class="button" data-testid="run-anyway" onClick={() => void execute(true)}>
              Run it anyway
            </button>
          )}
          {run.findings.length > 0 && (
            <ul>
              {run.findings.map((finding, index) => (
                <li key={index}>
                  {finding.line ? (
                    <button type="button" class="link-button" onClick={() => goTo(view.current, finding)}>
                      Line {finding.line}
                    </button>
                  ) : (
                    "Query"
                  )}
                  : <WithCode text={finding.message} />{" "}
                  {finding.suggestion && (
                    <button type="button" class="link-button" onClick={() => use(view.current, finding)}>
                      Use <code>{finding.suggestion}</code>
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {run.is === "done" && <ResultPanel key={run.id} resultId={run.id} first={run.first} />}
    </div>
  );
}

/** Names between back-quotes, as code. */
function WithCode({ text }: { text: string }): JSX.Element {
  return <>{text.split("`").map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part))}</>;
}

function offsetOf(finding: api.Finding, doc: Text): { from: number; to: number } {
  const line = doc.line(Math.max(1, Math.min(finding.line ?? 1, doc.lines)));
  const from = Math.min(line.to, line.from + Math.max(0, (finding.column ?? 1) - 1));
  const word = /^[\w.$]+/.exec(doc.sliceString(from, line.to))?.[0].length ?? 1;
  return finding.column ? { from, to: Math.min(line.to, from + word) } : { from: line.from, to: line.to };
}

function diagnosticOf(finding: api.Finding, doc: Text): Diagnostic {
  return {
    ...offsetOf(finding, doc),
    severity: "error",
    message: finding.message,
    ...(finding.suggestion ? { actions: [{ name: `Use ${finding.suggestion}`, apply: (editor: EditorView) => use(editor, finding) }] } : {}),
  };
}

/** Writes what the server would have written there, if the wrong word still stands where it was. */
function use(editor: EditorView | null, finding: api.Finding): void {
  if (!editor || !finding.suggestion) return;
  const { from, to } = offsetOf(finding, editor.state.doc);
  editor.dispatch({ changes: { from, to, insert: finding.suggestion }, selection: { anchor: from + finding.suggestion.length } });
  editor.focus();
}

function goTo(editor: EditorView | null, finding: api.Finding): void {
  if (!editor) return;
  editor.dispatch({ selection: { anchor: offsetOf(finding, editor.state.doc).from }, scrollIntoView: true });
  editor.focus();
}

/** The same colours as the read-only query. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--tok-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--tok-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--tok-number)" },
  { tag: tags.comment, color: "var(--tok-comment)", fontStyle: "italic" },
  { tag: [tags.operator, tags.punctuation], color: "var(--ink-2)" },
]);
