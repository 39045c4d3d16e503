import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Cell, ChartHint, ResultColumn } from "../../core/wire";
import { compact, count } from "../chat/words";
import { isDark } from "../shell/theme";
import { cellText, numberText } from "./cells";
import type { Rows } from "./rows";

/** More bars than this and nobody can read their names. */
const BARS = 30;
/** Rows drawn in a line or a scatter plot. */
const POINTS = 20_000;
const HEIGHT_PX = 320;

interface Series {
  name: string;
  column: ResultColumn;
  at: number;
}

export function Chart({ rows, hint }: { rows: Rows; hint: ChartHint }): JSX.Element {
  const columns = rows.columns.value;
  const loaded = rows.loaded.value;
  const [waiting, setWaiting] = useState(!rows.isComplete);
  useEffect(() => {
    // A bar chart needs its first bars alone; the others need every point to be honest.
    if (rows.isComplete || hint.kind === "bar") return setWaiting(false);
    void rows.upTo(POINTS).then(() => setWaiting(false));
  }, [rows]);

  const xAt = columns.findIndex((c) => c.name === hint.x);
  const series = hint.y.flatMap((name): Series[] => {
    const at = columns.findIndex((c) => c.name === name);
    return at < 0 ? [] : [{ name, column: columns[at]!, at }];
  });
  const label = `${hint.kind} chart of ${hint.y.join(", ")} by ${hint.x}`;
  if (xAt < 0 || !series.length) return <p class="empty-result">This chart's columns are not in the result.</p>;

  return (
    <figure class="chart" data-testid="chart" data-kind={hint.kind} aria-label={label}>
      {hint.kind === "bar" ? <Bars rows={loaded} xAt={xAt} series={series} total={rows.total.value} /> : <Plot rows={loaded.slice(0, POINTS)} x={columns[xAt]!} xAt={xAt} series={series} kind={hint.kind === "scatter" ? "scatter" : "line"} label={label} />}
      <figcaption>
        {hint.y.join(", ")} by {hint.x}
        {waiting && " · loading the rest…"}
        {hint.kind !== "bar" && rows.total.value > POINTS && ` · the first ${count(POINTS, "row")}`}
      </figcaption>
    </figure>
  );
}

/** Bars lie on their side, so that names can be read. They are text and boxes: no canvas, no guessing at colours. */
function Bars({ rows, xAt, series, total }: { rows: Cell[][]; xAt: number; series: Series[]; total: number }): JSX.Element {
  const shown = rows.slice(0, BARS);
  const values = shown.flatMap((row) => series.map((s) => numberOf(row[s.at])));
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const span = high - low || 1;
  const zero = (-low / span) * 100;
  return (
    <>
      {series.length > 1 && (
        <ul class="legend">
          {series.map((s, i) => (
            <li key={s.name} data-series={i}>
              {s.name}
            </li>
          ))}
        </ul>
      )}
      <ul class="bars">
        {shown.map((row, index) => (
          <li key={index}>
            <span class="bar-name" title={cellText(row[xAt])} data-null={row[xAt] === null}>
              {cellText(row[xAt])}
            </span>
            <span class="bar-lines">
              {series.map((s, i) => {
                const value = numberOf(row[s.at]);
                const width = (Math.abs(value) / span) * 100;
                return (
                  <span class="bar-line" key={s.name}>
                    <span class="bar-track">
                      <span class="bar" data-series={i} style={{ left: `${value < 0 ? zero - width : zero}%`, width: `${width}%` }} />
                    </span>
                    <span class="bar-value">{numberText(row[s.at], s.column)}</span>
                  </span>
                );
              })}
            </span>
          </li>
        ))}
      </ul>
      {total > shown.length && <p class="panel-note">The first {shown.length} of {count(total, "row")}; the table has them all.</p>}
    </>
  );
}

interface PlotProps {
  rows: Cell[][];
  x: ResultColumn;
  xAt: number;
  series: Series[];
  kind: "line" | "scatter";
  label: string;
}

function Plot({ rows, x, xAt, series, kind, label }: PlotProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const dark = isDark.value;
  useEffect(() => {
    const node = box.current!;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const isTime = /date|time/.test(x.kind ?? x.type);
    const xs = rows.map((row, i) => (isTime ? Date.parse(withZone(cellText(row[xAt]))) / 1000 : xIsNumber(x) ? numberOf(row[xAt]) : i));
    const inOrder = xs.map((_, i) => i).filter((i) => Number.isFinite(xs[i]!)).sort((i, j) => xs[i]! - xs[j]!);
    const data: uPlot.AlignedData = [
      inOrder.map((i) => xs[i]!),
      ...series.map((s) => inOrder.map((i) => (rows[i]![s.at] === null ? null : numberOf(rows[i]![s.at])))),
    ];
    const axis: uPlot.Axis = {
      stroke: colour("--ink-2"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1, size: 4 },
      font: `11px ${style.fontFamily}`,
    };
    const words = !isTime && !xIsNumber(x);
    const plot = new uPlot(
      {
        width: node.clientWidth,
        height: HEIGHT_PX,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
        scales: { x: { time: isTime } },
        axes: [
          { ...axis, ...(words ? { values: (_: uPlot, splits: number[]) => splits.map((i) => (Number.isInteger(i) ? cellText(rows[i]?.[xAt] ?? "") : "")) } : {}) },
          { ...axis, size: 58, values: (_, splits) => splits.map(compact) },
        ],
        legend: { show: true, live: true },
        cursor: { points: { size: 7 } },
        series: [
          { label: x.name, value: (_, at: number | null) => (at === null || at === undefined ? "" : isTime ? timeText(at) : words ? cellText(rows[at]?.[xAt] ?? "") : numberText(at, x)) },
          ...series.map((s, i): uPlot.Series => {
            const stroke = colour(`--series-${i % 4}`);
            return {
              label: s.name,
              value: (_, value) => (value === null || value === undefined ? "" : numberText(value, s.column)),
              stroke,
              width: 2,
              points: { show: kind === "scatter" || rows.length < 40, size: kind === "scatter" ? 6 : 5, fill: stroke },
              ...(kind === "scatter" ? { paths: () => null } : {}),
            };
          }),
        ],
      },
      data,
      node,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: node.clientWidth, height: HEIGHT_PX }));
    watch.observe(node);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [rows, series.length, kind, dark]);
  return <div class="plot" ref={box} role="img" aria-label={`${label}; the table has its ${count(rows.length, "point")}`} />;
}

function numberOf(value: Cell | undefined): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

/** Seconds since the epoch as a date, with the time of day where it has one. */
function timeText(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
}

function xIsNumber(column: ResultColumn): boolean {
  return column.kind === "integer" || column.kind === "decimal" || column.kind === "float";
}

/** A timestamp without a zone is drawn as it reads, not shifted by the reader's own zone. */
function withZone(text: string): string {
  const iso = text.replace(" ", "T");
  if (/^\d{4}-\d{2}$/.test(iso)) return `${iso}-01T00:00:00Z`;
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return `${iso}T00:00:00Z`;
  return /[zZ]|[+-]\d{2}(:?\d{2})?$/.test(iso) ? iso.replace(/([+-]\d{2})$/, "$1:00") : `${iso}Z`;
}
