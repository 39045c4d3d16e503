import type { JSX } from "preact";
import type { DatasetSummary } from "../../core/api";
import { count } from "./words";
import { ask, dataset, datasets, datasetsError, loadDatasets } from "../../core/workspace";

export function Welcome(): JSX.Element {
  const chosen = dataset.value;
  if (datasetsError.value && !datasets.value) {
    return (
      <section class="welcome" role="alert">
        <h2>The datasets could not be loaded</h2>
        <p class="lede">{datasetsError.value}</p>
        <button type="button" class="button" onClick={() => void loadDatasets()}>
          Try again
        </button>
      </section>
    );
  }
  if (datasets.value && datasets.value.length === 0) {
    return (
      <section class="welcome">
        <h2>No dataset yet</h2>
        <p class="lede">Add one from DDL, from a schema file or from a live connection; it appears here at once.</p>
        <button type="button" class="button" onClick={() => void loadDatasets()}>
          Look again
        </button>
      </section>
    );
  }
  if (!datasets.value) return <section class="welcome" aria-busy="true" />;
  if (!chosen) return <AnyDataset datasets={datasets.value} />;
  const facts = [chosen.dialect, chosen.table_count !== undefined && count(chosen.table_count, "table"), chosen.column_count !== undefined && count(chosen.column_count, "column")];
  return (
    <section class="welcome">
      <p class="eyebrow">
        {facts.filter(Boolean).join(" · ")}
      </p>
      <h2>
        What would you like to know about <em>{chosen.name}</em>?
      </h2>
      {chosen.description && <p class="lede">{chosen.description}</p>}
      {chosen.table_count === undefined && <p class="inline-error">Its database cannot be reached just now.</p>}
      <Examples questions={chosen.questions ?? []} />
    </section>
  );
}

function AnyDataset({ datasets }: { datasets: DatasetSummary[] }): JSX.Element {
  return (
    <section class="welcome">
      <p class="eyebrow">{datasets.map((d) => d.name).join(" · ")}</p>
      <h2>What would you like to know?</h2>
      <p class="lede">The dataset is chosen from your question; the answer says which one, and why.</p>
      <Examples questions={datasets.flatMap((d) => (d.questions ?? []).slice(0, 2))} />
    </section>
  );
}

function Examples({ questions }: { questions: string[] }): JSX.Element | null {
  if (!questions.length) return null;
  return (
    <>
      <h3 class="eyebrow">Questions to begin with</h3>
      <ul class="examples">
        {questions.map((question) => (
          <li key={question}>
            <button type="button" class="example" onClick={() => ask({ question })}>
              {question}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
