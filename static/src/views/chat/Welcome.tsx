import type { JSX } from "preact";
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
  if (!chosen) return <section class="welcome" aria-busy="true" />;
  return (
    <section class="welcome">
      <p class="eyebrow">
        {chosen.dialect} · {chosen.table_count} tables · {chosen.column_count} columns
      </p>
      <h2>
        What would you like to know about <em>{chosen.name}</em>?
      </h2>
      {chosen.description && <p class="lede">{chosen.description}</p>}
      {!!chosen.questions?.length && (
        <>
          <h3 class="eyebrow">Questions to begin with</h3>
          <ul class="examples">
            {chosen.questions.map((question) => (
              <li key={question}>
                <button type="button" class="example" onClick={() => ask({ question })}>
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
