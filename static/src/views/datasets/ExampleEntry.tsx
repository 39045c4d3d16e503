import type { JSX } from "preact";
import { useState } from "preact/hooks";
import * as knowledge from "../../core/knowledge";
import type { Example, Ran } from "../../core/knowledge";
import { askAnew, datasetChanged } from "../../core/workspace";
import { StreamedCode } from "../chat/StreamedCode";
import { count, duration } from "../chat/words";
import { Rows } from "../result/rows";
import { Table } from "../result/Table";
import { Icon } from "../shell/icons";
import { Confirm } from "./Confirm";
import { hasDraft, useDraft } from "./draft";
import { draftName, ExampleForm } from "./ExampleForm";
import { useAction, type Action } from "./fetched";
import { Cancel } from "./fields";
import { PageLink } from "./PageLink";
import { Findings, Problem } from "./Problem";

const SOURCES: Record<Example["provenance"]["source"], string> = {
  written: "Written",
  feedback: "From a thumb up",
  correction: "From a correction",
  import: "Imported",
  generated: "Generated",
  review: "From a review",
};

const TRUST: Record<Example["trust"], { words: string; tone: string; effect: string }> = {
  staged: { words: "Staged", tone: "accent", effect: "Waits to be looked at; it changes no answer yet." },
  verified: { words: "Verified", tone: "good", effect: "Answers its question, and guides those like it." },
  negative: { words: "Negative", tone: "bad", effect: "This query is not given for such a question again." },
};

interface Props {
  id: string;
  example: Example;
  /** There is a database to run it on. */
  live: boolean;
  onChanged: (example: Example) => void;
  onGone: () => Promise<void>;
}

export function ExampleEntry({ id, example, live, onChanged, onGone }: Props): JSX.Element {
  const [editing, setEditing] = useState(() => hasDraft(draftName(id, example.example_id)));
  const [rejecting, setRejecting] = useState(() => hasDraft(`reject.${example.example_id}`));
  const [seen, setSeen] = useState<{ query: string; ran: Ran; rows: Rows } | null>(null);
  const running = useAction();
  const deciding = useAction();
  const ran = seen?.query === example.query ? seen : null;
  const { words, tone, effect } = TRUST[example.trust];
  const busy = running.busy || deciding.busy;

  const run = (): Promise<boolean> =>
    running.run(async () => {
      const result = await knowledge.runExample(id, example.example_id);
      const rows = new Rows("", { columns: result.columns, rows: result.rows, rowCount: result.rows.length, truncated: false });
      setSeen({ query: result.example.query, ran: result, rows });
      onChanged(result.example);
    });
  const verify = (): Promise<boolean> =>
    deciding.run(async () => {
      onChanged(await knowledge.verifyExample(id, example.example_id));
      void datasetChanged(id);
    });

  if (editing) {
    return (
      <article class="card" aria-label={example.question}>
        <ExampleForm id={id} example={example} close={() => setEditing(false)} saved={async (next) => onChanged(next)} />
      </article>
    );
  }
  return (
    <article class="card example-card" aria-label={example.question} data-testid="example" data-trust={example.trust}>
      <div class="card-head">
        <h3 dir="auto">
          <PageLink to={{ is: "dataset", id, tab: "examples", example: example.example_id }}>{example.question}</PageLink>
        </h3>
        <span class="state" data-tone={tone} data-testid="trust" title={effect}>
          {words}
        </span>
      </div>
      {example.variants.length > 0 && <p class="panel-note">also: {example.variants.join(" · ")}</p>}
      <StreamedCode text={example.query} open={false} />
      {example.broken && (
        <div class="problem" role="note">
          <Icon name="alert" size={18} />
          <div>
            <p>
              <strong>It does not fit the schema any more,</strong> so it takes no part in answering. Edit the query, or accept its rewrite on the <PageLink to={{ is: "dataset", id, tab: "overview" }}>overview</PageLink>.
            </p>
            <Findings findings={example.broken} />
          </div>
        </div>
      )}
      {example.note && (
        <p class="example-note" dir="auto">
          {example.note}
        </p>
      )}
      <Tags tags={example.tags} />
      <p class="panel-note provenance" data-testid="provenance">
        {provenance(example)}
      </p>
      <Problem what="It did not run" problem={running.problem} />
      <Problem what="Nothing was changed" problem={deciding.problem} />
      {ran && (
        <div class="ran" data-testid="ran">
          <p class="panel-note" role="status">
            {ran.ran.row_count > ran.ran.rows.length ? `The first ${ran.ran.rows.length} of ${count(ran.ran.row_count, "row")}` : count(ran.ran.row_count, "row")}
            {ran.ran.truncated && ", and there are more"} · {duration(ran.ran.elapsed_ms)}
          </p>
          {ran.ran.rows.length > 0 && <Table rows={ran.rows} />}
        </div>
      )}
      <div class="form-row">
        {live && example.trust !== "negative" && (
          <>
            <button type="button" class={`button${ran || example.trust === "verified" ? "" : " is-primary"}`} data-testid="run-example" disabled={busy} onClick={() => void run()}>
              <Icon name="play" size={14} /> {running.busy ? "Running…" : ran ? "Run again" : "Run"}
            </button>
            {example.trust === "staged" && (
              <button type="button" class={`button${ran ? " is-primary" : ""}`} data-testid="verify-example" disabled={busy || !ran} title={ran ? undefined : "Run it first, and look at its rows"} onClick={() => void verify()}>
                <Icon name="check" size={14} /> {deciding.busy ? "Verifying…" : "These rows are right: verify"}
              </button>
            )}
          </>
        )}
        {example.trust === "verified" && (
          <button type="button" class="button" onClick={() => askAnew(id, example.question)}>
            <Icon name="send" size={14} /> Ask it
          </button>
        )}
        <span class="spacer" />
        {example.trust !== "negative" && !rejecting && (
          <button type="button" class="quiet" data-testid="reject-example" disabled={busy} onClick={() => setRejecting(true)}>
            Reject
          </button>
        )}
        <button type="button" class="quiet" data-testid="edit-example" disabled={busy} onClick={() => setEditing(true)}>
          <Icon name="pencil" size={14} /> Edit
        </button>
        <Confirm
          label="Delete"
          warning={example.trust === "verified" ? "It answers its question no more." : "It is gone then."}
          busy={busy}
          testid="delete-example"
          onConfirm={() =>
            void deciding.run(async () => {
              await knowledge.removeExample(id, example.example_id);
              await onGone();
            })
          }
        />
      </div>
      {rejecting && <RejectForm id={id} example={example} deciding={deciding} onChanged={onChanged} close={() => setRejecting(false)} />}
    </article>
  );
}

function Tags({ tags }: { tags: Example["tags"] }): JSX.Element | null {
  const given = Object.entries(tags);
  if (!given.length) return null;
  return (
    <ul class="tags" aria-label="Tags">
      {given.map(([name, value]) => (
        <li key={name} class="tag">
          {name.replaceAll("_", " ")}: {value}
        </li>
      ))}
    </ul>
  );
}

/** The query is wrong for the question; the reason is told to whoever would write it again. */
function RejectForm({ id, example, deciding, onChanged, close }: { id: string; example: Example; deciding: Action; onChanged: (example: Example) => void; close: () => void }): JSX.Element {
  const [form, change, clear] = useDraft(`reject.${example.example_id}`, { note: example.note });
  const field = `reject-${example.example_id}`;
  return (
    <form
      class="form is-inline"
      aria-label="Reject the example"
      onSubmit={(event) => {
        event.preventDefault();
        void deciding.run(async () => {
          onChanged(await knowledge.rejectExample(id, example.example_id, form.note.trim()));
          clear();
          close();
          void datasetChanged(id);
        });
      }}
    >
      <div class="field">
        <label for={field}>Why is this query wrong for the question?</label>
        <textarea id={field} data-testid="reject-note" rows={2} value={form.note} onInput={(event) => change({ note: event.currentTarget.value })} placeholder="Closed accounts do not count." />
      </div>
      <div class="form-row">
        <button type="submit" class="button is-danger" data-testid="reject-send" disabled={deciding.busy}>
          Reject it
        </button>
        <Cancel clear={clear} close={close} />
      </div>
    </form>
  );
}

/** Who brought it, whether it was run, who stands for it. */
export function provenance(example: Example): string {
  const { source, by } = example.provenance;
  const said = [`${SOURCES[source]} by ${by}, ${day(example.created_at)}`];
  if (example.executed_at) said.push(`last run ${day(example.executed_at)}${example.row_count === undefined ? "" : `, ${count(example.row_count, "row")}`}`);
  else said.push("never run");
  if (example.trust === "verified" && example.verified_at) said.push(`verified by ${example.verified_by ?? "somebody"}, ${day(example.verified_at)}`);
  if (example.reads.length) said.push(`reads ${example.reads.join(", ")}`);
  return said.join(" · ");
}

export function day(time: string): string {
  return new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}
