import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { starterKit, type DatasetSummary, type StarterKit } from "../../core/api";
import { addressOf, type Page } from "../../core/page";
import { count } from "./words";
import { ask, dataset, datasets, datasetsError, loadDatasets, openPage } from "../../core/workspace";
import { plainClick } from "../shell/clicks";

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
        <p class="lede">
          <PageLink to={{ is: "onboarding" }}>Add one</PageLink> from DDL, from a schema file or from a live connection; it appears here at once.
        </p>
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
      <Starter key={chosen.dataset_id} id={chosen.dataset_id} known={chosen.questions ?? []} />
    </section>
  );
}

/** With few verified examples: core questions that nobody has looked after yet, and the way to do it. */
function Starter({ id, known }: { id: string; known: string[] }): JSX.Element | null {
  const [kit, setKit] = useState<StarterKit | null>(null);
  useEffect(() => {
    let wanted = true;
    // A courtesy: without it the page is as good as before.
    starterKit(id).then((found) => wanted && setKit(found), () => undefined);
    return () => {
      wanted = false;
    };
  }, [id]);
  if (!kit?.shown) return null;
  const others = kit.proposals.filter(({ question }) => !known.includes(question)).slice(0, 5);
  return (
    <div class="starter" data-testid="starter">
      <p>
        {kit.verified} of {kit.wanted} examples verified. Answers get better with a few that somebody has checked:{" "}
        <PageLink to={{ is: "dataset", id, tab: "examples" }}>verify some</PageLink>.
      </p>
      {others.length > 0 && (
        <ul aria-label="Core questions">
          {others.map(({ question }) => (
            <li key={question}>
              <button type="button" class="chip" data-testid="starter-question" onClick={() => ask({ question })}>
                {question}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function PageLink({ to, children }: { to: Page; children: preact.ComponentChildren }): JSX.Element {
  return (
    <a href={addressOf(to)} onClick={(event) => plainClick(event, () => openPage(to))}>
      {children}
    </a>
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
