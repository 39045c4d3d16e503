import type { JSX } from "preact";
import { useState } from "preact/hooks";
import * as knowledge from "../../core/knowledge";
import type { Imported } from "../../core/knowledge";
import { count } from "../chat/words";
import { useDraft } from "./draft";
import { useAction } from "./fetched";
import { Choice } from "./fields";
import { Problem } from "./Problem";
import { SchemaSource, type Source } from "./SchemaSource";

type Format = "jsonl" | "markdown";

interface Form {
  source: Source;
  format: Format;
}

const FORMATS = [
  ["jsonl", "JSON lines"],
  ["markdown", "Markdown"],
] as const;
const SHOWN_ERRORS = 50;

/** Many examples from a file, all of them staged. */
export function ImportForm({ id, close, changed }: { id: string; close: () => void; changed: () => Promise<void> }): JSX.Element {
  const [form, change, clear] = useDraft<Form>(`import.${id}`, { source: { text: "", file: "" }, format: "jsonl" });
  const [done, setDone] = useState<Imported | null>(null);
  const importing = useAction();
  return (
    <form
      class="form"
      aria-label="Import examples"
      onSubmit={(event) => {
        event.preventDefault();
        setDone(null);
        void importing.run(async () => {
          const imported = await knowledge.importExamples(id, form.source.text, form.format);
          setDone(imported);
          if (!imported.errors.length) clear();
          await changed();
        });
      }}
    >
      <Choice id="import-format" label="Format" value={form.format} options={FORMATS} onChange={(format) => change({ format: format as Format })} />
      <SchemaSource
        id="import-text"
        label="The file"
        accept=".jsonl,.ndjson,.md,.markdown,.txt"
        placeholder={form.format === "jsonl" ? '{"question": "How many orders?", "query": "select count(*) from orders", "tags": {"category": "sales"}}' : "## How many orders?\nCategory: sales\n```sql\nselect count(*) from orders\n```"}
        source={form.source}
        change={(source) => change({ source, ...(source.file ? { format: /\.(md|markdown)$/i.test(source.file) ? "markdown" : "jsonl" } : {}) })}
      />
      <p class="panel-note">Each is checked against the schema and staged. What is wrong with one keeps no other from being added; importing a file twice adds nothing twice.</p>
      <Problem what="Nothing was imported" problem={importing.problem} />
      {done && (
        <div role="status" data-testid="imported">
          <p>
            <strong>{count(done.added, "example")} added</strong>
            {done.known > 0 && `, ${done.known} known already`}
            {done.errors.length > 0 && `, ${done.errors.length} with errors`}.
          </p>
          {done.errors.length > 0 && (
            <ul class="finding-list">
              {done.errors.slice(0, SHOWN_ERRORS).map((error) => (
                <li key={error.item}>
                  {error.line !== undefined && <span class="finding-place">Line {error.line}: </span>}
                  {error.message}
                </li>
              ))}
              {done.errors.length > SHOWN_ERRORS && <li>and {done.errors.length - SHOWN_ERRORS} more</li>}
            </ul>
          )}
        </div>
      )}
      <div class="form-row">
        <button type="submit" class="button is-primary" data-testid="import-send" disabled={importing.busy || !form.source.text.trim()}>
          {importing.busy ? "Checking…" : "Import"}
        </button>
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
    </form>
  );
}
