import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import "./usage.css";
import * as api from "../../core/api";
import { Figure } from "../plot/Figure";
import { usageOpen } from "./open";

const WINDOWS = [7, 30, 90] as const;
const TABLES: { by: api.UsageBy; title: string; key: string }[] = [
  { by: "model", title: "By model", key: "Model" },
  { by: "task", title: "By what it was for", key: "Task" },
  { by: "user", title: "By person", key: "Person" },
];

const days = signal<number>(30);

/** What models were asked and what it cost, and how often answers were as right as they were sure. */
export function Usage(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reports, setReports] = useState<Partial<Record<api.UsageBy, api.UsageReport>>>({});
  const [reliability, setReliability] = useState<api.ReliabilityReport | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const window = days.value;
  useLayoutEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let wanted = true;
    const all: api.UsageBy[] = ["day", ...TABLES.map((table) => table.by)];
    Promise.all([Promise.all(all.map((by) => api.usage(by, window))), api.reliability()])
      .then(([found, judged]) => {
        if (!wanted) return;
        setReports(Object.fromEntries(found.map((report) => [report.by, report])));
        setReliability(judged);
        setProblem(null);
      })
      .catch((error: Error) => wanted && setProblem(error.message));
    return () => {
      wanted = false;
    };
  }, [window]);

  const byDay = reports.day;
  return (
    <dialog ref={dialog} class="dialog usage" aria-labelledby="usage-title" data-testid="usage" onClose={() => (usageOpen.value = false)}>
      <header class="usage-head">
        <h2 id="usage-title">Usage</h2>
        <label>
          <span class="sr-only">Period</span>
          <select value={window} onChange={(event) => (days.value = Number(event.currentTarget.value))}>
            {WINDOWS.map((count) => (
              <option key={count} value={count}>
                Last {count} days
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button" autofocus onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      {problem && (
        <p role="alert" class="usage-problem">
          {problem}
        </p>
      )}
      {byDay && <Budget report={byDay} />}
      {byDay && (byDay.rows.length ? <PerDay report={byDay} /> : <p data-testid="usage-empty">No model was asked in this time. The built-in generator costs nothing.</p>)}
      {TABLES.map(({ by, title, key }) => {
        const report = reports[by];
        return report?.rows.length ? <Sums key={by} title={title} name={key} rows={report.rows} /> : null;
      })}
      {reliability && <ReliabilityPlot report={reliability} />}
    </dialog>
  );
}

function Budget({ report }: { report: api.UsageReport }): JSX.Element {
  const { workspace, user, resets_at } = report.today;
  const said = (name: string, spent: api.Spent): string => {
    const used = spent.used + spent.reserved;
    return spent.limit ? `${name}: ${tokens(used)} of ${tokens(spent.limit)}` : `${name}: ${tokens(used)}`;
  };
  return (
    <p>
      Tokens today. {workspace && `${said("Everybody", workspace)}; `}{said(workspace ? "you" : "You", user)}.{" "}
      {(workspace?.limit || user.limit) && <>There are new ones at {new Date(resets_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}.</>}
    </p>
  );
}

function PerDay({ report }: { report: api.UsageReport }): JSX.Element {
  const rows = [...report.rows].reverse();
  const x = rows.map((row) => Date.parse(`${row.key}T00:00:00Z`) / 1000);
  const data: uPlot.AlignedData = [x, rows.map((row) => row.input_tokens), rows.map((row) => row.output_tokens), rows.map((row) => row.cost_usd)];
  const total = rows.reduce((sum, row) => sum + row.cost_usd, 0);
  const unpriced = rows.reduce((sum, row) => sum + row.unpriced, 0);
  const label = `Tokens and cost by day, ${dollars(total)} in all`;
  return (
    <Figure
      label={label}
      note={`${dollars(total)} in all${unpriced ? `; ${unpriced} calls of models without a price` : ""}`}
      data={data}
      options={(colour, axis) => ({
        scales: { y: { range: (_plot, _low, high) => [0, high || 1] }, usd: { range: (_plot, _low, high) => [0, high || 1] } },
        axes: [axis, { ...axis, size: 60, values: (_plot, marks) => marks.map(tokens) }, { ...axis, scale: "usd", side: 1, size: 60, grid: { show: false }, values: (_plot, marks) => marks.map(dollars) }],
        series: [
          {},
          { label: "tokens in", stroke: colour("--series-1"), width: 2, points: { show: x.length < 40 } },
          { label: "tokens out", stroke: colour("--series-2"), width: 2, points: { show: x.length < 40 } },
          { label: "cost", scale: "usd", stroke: colour("--series-0"), width: 2, dash: [4, 3], points: { show: x.length < 40 }, value: (_plot, value) => (value === null ? "" : dollars(value)) },
        ],
      })}
    />
  );
}

function ReliabilityPlot({ report }: { report: api.ReliabilityReport }): JSX.Element {
  const { shown, now } = report;
  if (!shown.answers) return <p data-testid="reliability-empty">When people have judged answers by thumbs, a plot here shows how often answers of a confidence were right.</p>;
  const confidences = [...new Set([0, 1, ...shown.bins.map((bin) => bin.confidence), ...now.bins.map((bin) => bin.confidence)])].sort((a, b) => a - b);
  const at = (bins: api.ReliabilityBin[]): (number | null)[] => confidences.map((c) => bins.find((bin) => bin.confidence === c)?.right ?? null);
  const error = shown.calibration_error ?? 0;
  return (
    <Figure
      label={`How often answers of a confidence were right, ${shown.answers} judged answers`}
      note={`${shown.answers} judged answers; off by ${percent(error)} on average as shown, by ${percent(now.calibration_error ?? 0)} by the weights of now`}
      data={[confidences, confidences, at(shown.bins), at(now.bins)]}
      options={(colour, axis) => ({
        scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } },
        axes: [
          { ...axis, values: (_plot, marks) => marks.map(percent) },
          { ...axis, size: 60, values: (_plot, marks) => marks.map(percent) },
        ],
        series: [
          { label: "confidence", value: (_plot, value) => (value === null ? "" : percent(value)) },
          { label: "as it should be", stroke: colour("--ink-3"), dash: [3, 4], points: { show: false } },
          { label: "as shown", stroke: colour("--series-0"), width: 2, spanGaps: true, points: { show: true, size: 8 } },
          { label: "by the weights of now", stroke: colour("--series-1"), width: 2, spanGaps: true, points: { show: true, size: 8 } },
        ],
      })}
    />
  );
}

function Sums({ title, name, rows }: { title: string; name: string; rows: api.UsageRow[] }): JSX.Element {
  return (
    <section>
      <h3>{title}</h3>
      <div class="usage-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{name}</th>
              <th scope="col">Calls</th>
              <th scope="col">Failed</th>
              <th scope="col">In</th>
              <th scope="col">Cached</th>
              <th scope="col">Out</th>
              <th scope="col">Cost</th>
              <th scope="col">First token, p95</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th scope="row">{row.key}</th>
                <td>{row.calls}</td>
                <td>{row.failed}</td>
                <td>{tokens(row.input_tokens)}</td>
                <td>{row.input_tokens ? percent(row.cached_input_tokens / row.input_tokens) : "–"}</td>
                <td>{tokens(row.output_tokens)}</td>
                <td>{row.unpriced ? "no price" : dollars(row.cost_usd)}</td>
                <td>{row.first_token_ms_p95 === undefined ? "–" : `${Math.round(row.first_token_ms_p95)} ms`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function tokens(count: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(count);
}

function dollars(amount: number): string {
  return `$${amount.toFixed(amount && Math.abs(amount) < 0.1 ? 4 : 2)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
