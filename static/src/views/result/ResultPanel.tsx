import type { JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import * as api from "../../core/api";
import { count, duration } from "../chat/words";
import { Icon } from "../shell/icons";
import { CopyButton } from "../shell/CopyButton";
import { cellText, numberText } from "./cells";
import { Rows, type First } from "./rows";
import { Table } from "./Table";

const Chart = lazy(async () => (await import("./Chart")).Chart);

/** The rows of a turn: table or chart, how many, how long it took, and the way to take them along. */
export function ResultPanel({ resultId, first }: { resultId: string; first: First | null }): JSX.Element {
  const [rows] = useState(() => new Rows(resultId, first));
  const [view, setView] = useState<"table" | "chart">("table");
  const box = useRef<HTMLDivElement>(null);
  if (first) rows.seed(first);

  // Turns of an old conversation fetch their rows when they come near the screen.
  useEffect(() => {
    if (rows.ready.peek()) return;
    const near = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        near.disconnect();
        void rows.more();
      },
      { rootMargin: "600px" },
    );
    near.observe(box.current!);
    return () => near.disconnect();
  }, [rows]);

  const chart = rows.chart.value;
  const total = rows.total.value;
  return (
    <div class="result" ref={box} role="group" aria-label="Rows" data-ready={rows.ready.value}>
      <header class="panel-head">
        {chart && chart.kind !== "value" && (
          <div class="segmented" role="group" aria-label="Show as">
            <button type="button" aria-pressed={view === "table"} data-testid="show-table" onClick={() => setView("table")}>
              <Icon name="table" size={14} /> Table
            </button>
            <button type="button" aria-pressed={view === "chart"} data-testid="show-chart" onClick={() => setView("chart")}>
              <Icon name="chart" size={14} /> Chart
            </button>
          </div>
        )}
        {rows.ready.value && (
          <span class="panel-note">
            {rows.truncated.value ? <span title="The query finds more rows than are kept. Narrow it to see the rest.">first {count(total, "row")}</span> : count(total, "row")}
            {rows.elapsedMs.value !== null && ` · ${duration(rows.elapsedMs.value)}`}
          </span>
        )}
        {rows.loading.value && <span class="panel-note">loading…</span>}
        <span class="spacer" />
        {total > 0 && <CopyRows rows={rows} />}
        {total > 0 && (
          <>
            <a class="quiet" data-testid="csv" href={api.fileUrl(resultId, "csv")} download>
              <Icon name="download" size={14} /> CSV
            </a>
            <a class="quiet" data-testid="xlsx" href={api.fileUrl(resultId, "xlsx")} download>
              Excel
            </a>
            <a class="quiet" data-testid="parquet" href={api.fileUrl(resultId, "parquet")} download>
              Parquet
            </a>
          </>
        )}
      </header>
      {rows.problem.value && (
        <p class="inline-error" role="alert">
          {rows.problem.value}{" "}
          <button type="button" class="link-button" onClick={() => void rows.retry()}>
            Try again
          </button>
        </p>
      )}
      {!rows.ready.value && !rows.problem.value && <div class="skeleton is-table" role="status" aria-label="Loading rows" />}
      {rows.ready.value && chart?.kind === "value" && <BigValue rows={rows} />}
      {rows.ready.value && view === "table" && chart?.kind !== "value" && <Table rows={rows} />}
      {rows.ready.value && view === "chart" && chart && (
        <Suspense fallback={<div class="skeleton is-table" role="status" aria-label="Loading the chart" />}>
          <Chart rows={rows} hint={chart} />
        </Suspense>
      )}
    </div>
  );
}

/** For a spreadsheet: tabs between values, NULL as nothing. Rows that are not here yet are fetched first. */
function CopyRows({ rows }: { rows: Rows }): JSX.Element {
  const text = async (): Promise<string> => {
    await rows.all();
    const line = (values: string[]): string => values.map((v) => v.replace(/[\t\r\n]+/g, " ")).join("\t");
    return [line(rows.columns.value.map((c) => c.name)), ...rows.loaded.value.map((row) => line(row.map((v) => (v === null ? "" : cellText(v)))))].join("\n");
  };
  return <CopyButton text={text} label="Copy the rows" />;
}

/** One row of one or a few values is not a table. */
function BigValue({ rows }: { rows: Rows }): JSX.Element {
  const row = rows.loaded.value[0] ?? [];
  return (
    <div data-testid="chart" data-kind="value">
      <dl class="big-value" data-testid="result-table">
        {rows.columns.value.map((column, at) => (
          <div key={at}>
            <dt>{column.name}</dt>
            <dd data-null={row[at] === null}>{numberText(row[at], column)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
