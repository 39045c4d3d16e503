import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as api from "../../core/api";
import * as knowledge from "../../core/knowledge";
import { datasetChanged, datasets, loadDatasets, openPage } from "../../core/workspace";
import { count } from "../chat/words";
import { Icon } from "../shell/icons";
import { Confirm } from "./Confirm";
import { ORIGINS, State } from "./DatasetList";
import { Drift } from "./Drift";
import { useAction, useFetched } from "./fetched";
import { justMade } from "./Onboarding";
import { Problem } from "./Problem";
import { schemaJson, SchemaSource, type Source } from "./SchemaSource";
import { StarterKit } from "./StarterKit";

/** What a dataset is, whether it can be asked, and what its last change of schema broke. */
export function Overview({ id }: { id: string }): JSX.Element {
  const summary = datasets.value?.find((d) => d.dataset_id === id);
  const dataset = useFetched(() => api.dataset(id), [id]);
  const report = useFetched(() => knowledge.report(id), [id]);
  const [said, setSaid] = useState<string | null>(null);
  const removing = useAction();
  const made = justMade.value?.dataset_id === id ? justMade.value : null;
  const shown = dataset.value;
  useEffect(
    () => () => {
      justMade.value = null;
    },
    [id],
  );

  const onRefreshed = async (refreshed: knowledge.Refreshed): Promise<void> => {
    const notes = refreshed.notes ?? [];
    setSaid([refreshed.report ? `Version ${refreshed.version} is in force now.` : "Nothing has changed.", ...notes].join(" "));
    await Promise.all([dataset.reload(), report.reload(), datasetChanged(id)]);
  };

  return (
    <>
      {made && (
        <div class="card is-good" role="status" data-testid="just-made">
          <p>
            <strong>{made.name} is here:</strong> {count(made.table_count, "table")}, {count(made.column_count, "column")}. Ask it, or describe what its columns mean.
          </p>
          {made.notes.length > 0 && (
            <>
              <p>Not everything could be used:</p>
              <ul class="finding-list">
                {made.notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
      <Problem what="The dataset cannot be shown" problem={dataset.problem} retry={() => void dataset.reload()} />
      {summary && (
        <section class="card" aria-labelledby="about-title">
          <div class="card-head">
            <h3 id="about-title">About</h3>
            <State dataset={summary} />
          </div>
          {summary.description && <p>{summary.description}</p>}
          <dl class="facts-list">
            <Fact name="Dialect">{summary.dialect}</Fact>
            {summary.origin && <Fact name="Origin">{ORIGINS[summary.origin]}</Fact>}
            {summary.table_count !== undefined && <Fact name="Tables">{summary.table_count}</Fact>}
            {summary.column_count !== undefined && <Fact name="Columns">{summary.column_count}</Fact>}
            {summary.example_count !== undefined && <Fact name="Examples in use">{summary.example_count}</Fact>}
            {shown && <Fact name="Schema version">{shown.version}</Fact>}
          </dl>
          {shown && <Rights dataset={shown} />}
        </section>
      )}
      {shown && <Refresh id={id} live={shown.live !== false} said={said} onRefreshed={onRefreshed} />}
      <Problem what="What the last change broke cannot be shown" problem={report.problem} retry={() => void report.reload()} />
      {report.value && <Drift id={id} report={report.value} />}
      <StarterKit id={id} />
      <section class="card is-plain">
        <Problem what="The dataset was not removed" problem={removing.problem} />
        <Confirm
          label="Remove this dataset"
          warning="Its examples, glossary and descriptions go with it. Conversations stay."
          busy={removing.busy}
          testid="remove-dataset"
          onConfirm={() =>
            void removing.run(async () => {
              await knowledge.remove(id);
              await loadDatasets();
              openPage({ is: "datasets" });
            })
          }
        />
      </section>
    </>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What the account of the connection may do: an administrator should know before anybody asks. */
function Rights({ dataset }: { dataset: api.Dataset }): JSX.Element | null {
  if (dataset.live === false) return <p class="panel-note">There is no database behind it: queries are checked and not run, so no example can be verified.</p>;
  const { can_write: canWrite } = dataset;
  if (!canWrite) return <p class="panel-note">What the account of its connection may do is not known just now.</p>;
  if (!canWrite.length) {
    return (
      <p class="rights" data-testid="rights" data-writes="false">
        <Icon name="check" /> The account of its connection can only read.
      </p>
    );
  }
  return (
    <div class="problem is-warning" role="note" data-testid="rights" data-writes="true">
      <Icon name="alert" size={18} />
      <div>
        <p>
          <strong>The account of its connection can write.</strong> Queries are still proven to read only, and run read-only; an account with SELECT alone is safer.
        </p>
        <ul class="finding-list">
          {canWrite.map((why) => (
            <li key={why}>{why}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

interface RefreshProps {
  id: string;
  live: boolean;
  said: string | null;
  onRefreshed: (refreshed: knowledge.Refreshed) => Promise<void>;
}

function Refresh({ id, live, said, onRefreshed }: RefreshProps): JSX.Element {
  const [opened, setOpened] = useState(false);
  const [from, setFrom] = useState<"ddl" | "json">("ddl");
  const [source, setSource] = useState<Source>({ text: "", file: "" });
  const reading = useAction();
  const read = (what: () => { ddl?: string; schema?: unknown }): Promise<boolean> =>
    reading.run(async () => {
      await onRefreshed(await knowledge.refresh(id, what()));
      setOpened(false);
      setSource({ text: "", file: "" });
    });
  return (
    <section class="card" aria-labelledby="refresh-title">
      <div class="card-head">
        <h3 id="refresh-title">Has the schema changed?</h3>
        {live ? (
          <button type="button" class="button" data-testid="refresh" disabled={reading.busy} onClick={() => void read(() => ({}))}>
            <Icon name="retry" /> {reading.busy ? "Reading…" : "Read the database again"}
          </button>
        ) : (
          <button type="button" class="button" data-testid="refresh" aria-expanded={opened} onClick={() => setOpened(!opened)}>
            <Icon name="retry" /> Give the new schema
          </button>
        )}
      </div>
      <p class="panel-note">Examples, descriptions, joins and the glossary are checked against the new schema. What still fits stays; what broke is told here.</p>
      {!live && opened && (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void read(() => (from === "ddl" ? { ddl: source.text } : { schema: schemaJson(source.text) }));
          }}
        >
          <div class="segmented" role="group" aria-label="The new schema is">
            {(["ddl", "json"] as const).map((value) => (
              <button type="button" key={value} aria-pressed={from === value} onClick={() => setFrom(value)}>
                {value.toUpperCase()}
              </button>
            ))}
          </div>
          <SchemaSource id="new-ddl" label="The whole new schema" accept=".sql,.ddl,.txt,.json" placeholder="create table …" source={source} change={setSource} />
          <div class="form-row">
            <button type="submit" class="button is-primary" data-testid="refresh-send" disabled={reading.busy || !source.text.trim()}>
              {reading.busy ? "Checking…" : "Use this schema"}
            </button>
          </div>
        </form>
      )}
      <Problem what="The schema stays as it was" problem={reading.problem} />
      {said && (
        <p role="status" data-testid="refreshed">
          {said}
        </p>
      )}
    </section>
  );
}
