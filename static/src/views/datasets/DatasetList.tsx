import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { DatasetSummary } from "../../core/api";
import { datasets, datasetsError, loadDatasets } from "../../core/workspace";
import { count } from "../chat/words";
import { Icon } from "../shell/icons";
import { PageLink } from "./PageLink";

export const ORIGINS: Record<string, string> = { sample: "a sample", ddl: "made from DDL", json: "made from JSON", connection: "read from a database" };

export function DatasetList(): JSX.Element {
  useEffect(() => void loadDatasets(), []);
  const items = datasets.value;
  return (
    <>
      <p class="page-lede">A dataset is a schema with what is known about it: descriptions, glossary, examples.</p>
      {datasetsError.value && (
        <div class="problem" role="alert">
          <Icon name="alert" size={18} />
          <p>
            <strong>The list may be old.</strong> {datasetsError.value}
          </p>
          <button type="button" class="button" onClick={() => void loadDatasets()}>
            Try again
          </button>
        </div>
      )}
      {!items && !datasetsError.value && <div class="skeleton is-table" role="status" aria-label="Loading the datasets" />}
      {items?.length === 0 && <p class="empty-note">No dataset yet. Make one from DDL, from a schema file or from a database.</p>}
      {!!items?.length && (
        <ul class="dataset-list">
          {items.map((dataset) => (
            <Entry key={dataset.dataset_id} dataset={dataset} />
          ))}
        </ul>
      )}
    </>
  );
}

function Entry({ dataset }: { dataset: DatasetSummary }): JSX.Element {
  const { dataset_id: id, name, description, table_count: tables, column_count: columns, example_count: examples } = dataset;
  const facts = [
    dataset.dialect,
    dataset.origin && ORIGINS[dataset.origin],
    tables !== undefined && count(tables, "table"),
    columns !== undefined && count(columns, "column"),
    examples !== undefined && count(examples, "example") + " in use",
    dataset.version !== undefined && `version ${dataset.version}`,
  ];
  return (
    <li class="card dataset-entry" data-testid="dataset-item">
      <div class="dataset-name">
        <PageLink to={{ is: "dataset", id, tab: "overview" }}>{name}</PageLink>
        <State dataset={dataset} />
      </div>
      {description && <p>{description}</p>}
      <p class="panel-note">{facts.filter(Boolean).join(" · ")}</p>
      {dataset.problem && <p class="inline-error">{dataset.problem}</p>}
      <nav class="dataset-ways" aria-label={name}>
        <PageLink to={{ is: "dataset", id, tab: "schema" }}>Schema</PageLink>
        <PageLink to={{ is: "dataset", id, tab: "glossary" }}>Glossary</PageLink>
        <PageLink to={{ is: "dataset", id, tab: "examples" }}>Examples</PageLink>
        <PageLink to={{ is: "dataset", id, tab: "stats" }}>Stats</PageLink>
      </nav>
    </li>
  );
}

/** Whether its questions can be answered with rows. */
export function State({ dataset }: { dataset: Pick<DatasetSummary, "problem" | "live"> }): JSX.Element {
  const [tone, words] = dataset.problem ? ["bad", "Cannot be reached"] : dataset.live === false ? ["plain", "Schema only"] : ["good", "Connected"];
  return (
    <span class="state" data-tone={tone} data-testid="dataset-state">
      {words}
    </span>
  );
}
