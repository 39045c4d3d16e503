import type { JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useEffect, useRef } from "preact/hooks";
import { TABS, type Page, type Tab } from "../../core/page";
import { chooseDataset, datasets, datasetsError, loadDatasets, startNew } from "../../core/workspace";
import { Icon } from "../shell/icons";
import { DatasetList } from "./DatasetList";
import { Descriptions } from "./Descriptions";
import { Examples } from "./Examples";
import { Glossary } from "./Glossary";
import { Onboarding } from "./Onboarding";
import { Overview } from "./Overview";
import { PageLink } from "./PageLink";
import "./datasets.css";

const Stats = lazy(async () => (await import("./Stats")).Stats);

const NAMES: Record<Tab, string> = { overview: "Overview", schema: "Schema", glossary: "Glossary", examples: "Examples", stats: "Stats" };

/** Where datasets are made and taught. */
export function DatasetPages({ page }: { page: Page }): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  const place = page.is === "dataset" ? `${page.id}/${page.tab}/${page.example ?? ""}` : page.is;
  const name = page.is === "dataset" ? (datasets.value?.find((d) => d.dataset_id === page.id)?.name ?? null) : null;
  // A page that was just opened begins at its title, for those who read by ear.
  useEffect(() => title.current?.focus({ preventScroll: true }), [place]);

  return (
    <div class="page" data-testid="page" data-page={page.is === "dataset" ? page.tab : page.is} key={place}>
      <div class="page-fit">
        <header class="page-head">
          <div class="page-title">
            {page.is !== "datasets" && (
              <PageLink class="page-up" to={{ is: "datasets" }}>
                Datasets
              </PageLink>
            )}
            <h2 ref={title} tabIndex={-1}>
              {page.is === "datasets" ? "Datasets" : page.is === "onboarding" ? "New dataset" : (name ?? "Dataset")}
            </h2>
          </div>
          {page.is === "datasets" && (
            <PageLink class="button is-primary" to={{ is: "onboarding" }} testid="new-dataset">
              <Icon name="plus" /> New dataset
            </PageLink>
          )}
          {page.is === "dataset" && (
            <button
              type="button"
              class="button"
              data-testid="ask-dataset"
              onClick={() => {
                chooseDataset(page.id);
                startNew();
              }}
            >
              <Icon name="send" /> Ask it
            </button>
          )}
        </header>
        {page.is === "dataset" && (
          <nav class="tabs" aria-label="Dataset">
            {TABS.map((tab) => (
              <PageLink key={tab} to={{ is: "dataset", id: page.id, tab }} current={tab === page.tab} testid={`tab-${tab}`}>
                {NAMES[tab]}
              </PageLink>
            ))}
          </nav>
        )}
        <Suspense fallback={<div class="skeleton is-table" role="status" aria-label="Loading" />}>
          <Body page={page} />
        </Suspense>
      </div>
    </div>
  );
}

function Body({ page }: { page: Page }): JSX.Element {
  if (page.is === "datasets") return <DatasetList />;
  if (page.is === "onboarding") return <Onboarding />;
  if (datasets.value && !datasets.value.some((d) => d.dataset_id === page.id)) {
    return (
      <div class="card" role="alert">
        <p>This dataset is not here: it was removed, or the address is wrong.</p>
      </div>
    );
  }
  if (!datasets.value && datasetsError.value) {
    return (
      <div class="card" role="alert">
        <p>{datasetsError.value}</p>
        <button type="button" class="button" onClick={() => void loadDatasets()}>
          Try again
        </button>
      </div>
    );
  }
  const { id } = page;
  switch (page.tab) {
    case "overview":
      return <Overview id={id} />;
    case "schema":
      return <Descriptions id={id} table={page.table ?? null} />;
    case "glossary":
      return <Glossary id={id} />;
    case "examples":
      return <Examples id={id} only={page.example ?? null} />;
    case "stats":
      return <Stats id={id} />;
  }
}
