import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import * as knowledge from "../../core/knowledge";
import type { Quality, Stats as Figures } from "../../core/knowledge";
import { count, percent } from "../chat/words";
import { Figure } from "../plot/Figure";
import { daily, DAY_S } from "./daily";
import { useFetched } from "./fetched";
import { PageLink } from "./PageLink";
import { Problem } from "./Problem";
import { StarterKit } from "./StarterKit";

const WEEKS = [12, 26, 52] as const;

/** How a dataset does: what is verified, how its questions went, week by week. */
export function Stats({ id }: { id: string }): JSX.Element {
  const [weeks, setWeeks] = useState<number>(12);
  const stats = useFetched(() => knowledge.stats(id), [id]);
  const quality = useFetched(() => knowledge.quality(id, weeks), [id, weeks]);
  const found = stats.value;
  return (
    <div class="stats" data-testid="stats">
      <Problem what="The figures cannot be shown" problem={stats.problem} retry={() => void stats.reload()} />
      {!found && !stats.problem && <div class="skeleton is-table" role="status" aria-label="Loading the figures" />}
      {found && <Tiles id={id} stats={found} />}
      <StarterKit id={id} most={3} />
      {found && (
        <section class="card" aria-labelledby="trend-title">
          <h3 id="trend-title">The last 30 days</h3>
          {found.trend.length ? <Trend trend={found.trend} /> : <p class="empty-note">No question was asked in this time.</p>}
        </section>
      )}
      <section class="card" aria-labelledby="quality-title">
        <div class="card-head">
          <h3 id="quality-title">Weekly quality</h3>
          <label>
            <span class="sr-only">Period</span>
            <select value={weeks} data-testid="weeks" onChange={(event) => setWeeks(Number(event.currentTarget.value))}>
              {WEEKS.map((n) => (
                <option key={n} value={n}>
                  Last {n} weeks
                </option>
              ))}
            </select>
          </label>
        </div>
        <Problem what="The quality report cannot be shown" problem={quality.problem} retry={() => void quality.reload()} />
        {quality.value && (quality.value.weeks.length ? <Weekly quality={quality.value} /> : <p class="empty-note">There is a report from the first question on.</p>)}
      </section>
      {found && (
        <div class="stats-pair">
          <section class="card" aria-labelledby="categories-title">
            <h3 id="categories-title">What is asked</h3>
            {found.categories.length ? <Categories categories={found.categories} /> : <p class="empty-note">Questions take the category of the nearest example.</p>}
          </section>
          <section class="card" aria-labelledby="coverage-title">
            <h3 id="coverage-title">How much is known</h3>
            <Coverage id={id} coverage={found.coverage} />
          </section>
        </div>
      )}
    </div>
  );
}

function Tiles({ id, stats }: { id: string; stats: Figures }): JSX.Element {
  const { examples, questions } = stats;
  return (
    <dl class="tiles">
      <Tile name="Examples" value={examples.total} testid="stat-total">
        <PageLink to={{ is: "dataset", id, tab: "examples" }}>{examples.broken ? `${examples.broken} broken` : "see them"}</PageLink>
      </Tile>
      <Tile name="Verified" value={examples.verified} tone="good" testid="stat-verified" />
      <Tile name="Staged" value={examples.staged} testid="stat-staged">
        {examples.staged > 0 ? "to be looked at" : ""}
      </Tile>
      <Tile name="Negative" value={examples.negative} testid="stat-negative" />
      <Tile name="Questions" value={questions.questions} testid="stat-questions">
        {count(questions.trusted, "trusted answer")}
      </Tile>
      <Tile name="Success rate" value={stats.success_rate === undefined ? "–" : percent(stats.success_rate)} tone={stats.success_rate !== undefined && stats.success_rate < 0.9 ? "bad" : "good"} testid="stat-success">
        {questions.questions > 0 ? `${questions.good} of ${questions.questions} good` : "no question yet"}
      </Tile>
      <Tile name="Average confidence" value={questions.average_confidence === null ? "–" : percent(questions.average_confidence)} testid="stat-confidence">
        {`${questions.thumbs_up} up, ${questions.thumbs_down} down`}
      </Tile>
      <Tile name="Tables covered" value={stats.coverage.tables ? percent(stats.coverage.tables_with_examples / stats.coverage.tables) : "–"} testid="stat-coverage">
        {`${stats.coverage.tables_with_examples} of ${stats.coverage.tables} by examples`}
      </Tile>
    </dl>
  );
}

function Tile({ name, value, tone, testid, children }: { name: string; value: number | string; tone?: string; testid: string; children?: preact.ComponentChildren }): JSX.Element {
  return (
    <div class="tile" data-tone={tone}>
      <dt>{name}</dt>
      <dd>
        <span class="tile-value" data-testid={testid}>
          {value}
        </span>
        <span class="panel-note">{children}</span>
      </dd>
    </div>
  );
}

function Trend({ trend }: { trend: Figures["trend"] }): JSX.Element {
  const data = useMemo(() => daily(trend), [trend]);
  const questions = trend.reduce((sum, day) => sum + day.questions, 0);
  const good = trend.reduce((sum, day) => sum + day.good, 0);
  return (
    <Figure
      label={`Questions a day and how sure their answers were; ${count(questions, "question")}, ${good} good`}
      note={`${count(questions, "question")}, ${good} answered well`}
      data={data}
      options={(colour, axis) => ({
        tzDate: utc,
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(4, Math.ceil(high * 1.1))] }, share: { range: [0, 1] } },
        axes: [{ ...axis, values: (_plot, marks) => marks.map(shortDay) }, { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000] }, { ...axis, scale: "share", side: 1, size: 52, grid: { show: false }, values: (_plot, marks) => marks.map(percent) }],
        series: [
          { label: "day", value: (_plot, at) => dayText(at) },
          { label: "questions", stroke: colour("--series-1"), fill: `${colour("--series-1")}22`, width: 2, points: { show: true, size: 5 } },
          { label: "answered well", stroke: colour("--series-2"), width: 2, points: { show: true, size: 5 } },
          { label: "average confidence", scale: "share", stroke: colour("--series-0"), width: 2, dash: [4, 3], spanGaps: true, points: { show: true, size: 5 }, value: (_plot, value) => (value === null || value === undefined ? "" : percent(value)) },
        ],
      })}
    />
  );
}

function Weekly({ quality }: { quality: Quality }): JSX.Element {
  const { goal, weeks } = quality;
  const data = useMemo((): [number[], number[], number[]] => {
    const x = weeks.map((week) => Date.parse(`${week.week}T00:00:00Z`) / 1000);
    // A single week is a point in the middle, with the goal on both sides of it.
    const padded = x.length === 1 ? [x[0]! - 7 * DAY_S, x[0]!, x[0]! + 7 * DAY_S] : x;
    const rate = weeks.map((week) => week.success_rate);
    return [padded, padded.map(() => goal), (x.length === 1 ? [null, rate[0], null] : rate) as number[]];
  }, [quality]);
  const below = weeks.filter((week) => week.below_goal).length;
  const newest = weeks.at(-1)!;
  return (
    <>
      <p class="quality-word" data-testid="quality-word" data-below={newest.below_goal}>
        {newest.below_goal ? `This is below the goal: ${percent(newest.success_rate)} of the answers of the newest week were good, ${percent(goal)} is wanted.` : `The newest week is at ${percent(newest.success_rate)}, the goal is ${percent(goal)}.`}
      </p>
      <Figure
        label={`Good answers week by week against the goal of ${percent(goal)}; ${below} of ${count(weeks.length, "week")} below it`}
        note={`Share of good answers a week: answered with a query, and no thumb down. ${below} of ${count(weeks.length, "week")} below the goal.`}
        data={data}
        options={(colour, axis) => ({
          tzDate: utc,
          scales: { y: { range: [0, 1] } },
          axes: [{ ...axis, values: (_plot, marks) => marks.map(shortDay) }, { ...axis, size: 52, values: (_plot, marks) => marks.map(percent) }],
          series: [
            { label: "week of", value: (_plot, at) => dayText(at) },
            { label: "goal", stroke: colour("--bad"), width: 1.5, dash: [6, 4], points: { show: false }, value: (_plot, value) => (value === null ? "" : percent(value)) },
            { label: "good answers", stroke: colour("--series-2"), width: 2, points: { show: true, size: 7 }, value: (_plot, value) => (value === null || value === undefined ? "" : percent(value)) },
          ],
        })}
      />
      <div class="column-table" role="region" aria-label="The weeks" tabIndex={0}>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">Week of</th>
              <th scope="col">Questions</th>
              <th scope="col">Good</th>
              <th scope="col">Share</th>
              <th scope="col">Thumbs</th>
              <th scope="col">Confidence</th>
            </tr>
          </thead>
          <tbody>
            {[...weeks].reverse().map((week) => (
              <tr key={week.week} data-below={week.below_goal}>
                <th scope="row">{dayText(Date.parse(`${week.week}T00:00:00Z`) / 1000)}</th>
                <td>{week.questions}</td>
                <td>{week.good}</td>
                <td>
                  {percent(week.success_rate)}
                  {week.below_goal && <span class="sr-only"> below the goal</span>}
                </td>
                <td>
                  {week.thumbs_up} up, {week.thumbs_down} down
                </td>
                <td>{week.average_confidence === null ? "–" : percent(week.average_confidence)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Categories({ categories }: { categories: Figures["categories"] }): JSX.Element {
  const all = categories.reduce((sum, one) => sum + one.questions, 0);
  const most = Math.max(...categories.map((one) => one.questions));
  return (
    <ul class="shares" data-testid="categories">
      {categories.map(({ category, questions }) => (
        <li key={category}>
          <span class="share-name">{category}</span>
          <span class="share-track">
            <span style={{ width: `${(100 * questions) / most}%` }} />
          </span>
          <span class="share-value">
            {questions} · {percent(questions / all)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Coverage({ id, coverage }: { id: string; coverage: Figures["coverage"] }): JSX.Element {
  const rows: [string, number, number][] = [
    ["Tables with a verified example", coverage.tables_with_examples, coverage.tables],
    ["Tables described", coverage.tables_described, coverage.tables],
    ["Columns described", coverage.columns_described, coverage.columns],
  ];
  return (
    <>
      <ul class="shares">
        {rows.map(([name, part, whole]) => (
          <li key={name}>
            <span class="share-name">{name}</span>
            <span class="share-track">
              <span style={{ width: `${whole ? (100 * part) / whole : 0}%` }} />
            </span>
            <span class="share-value">
              {part} of {whole}
            </span>
          </li>
        ))}
      </ul>
      <p>
        <PageLink to={{ is: "dataset", id, tab: "schema" }}>Describe tables and columns</PageLink>
      </p>
    </>
  );
}

function shortDay(seconds: number): string {
  return new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

function utc(seconds: number): Date {
  const date = new Date(seconds * 1000);
  // The plot reads local parts of a date: those shall be the parts of UTC.
  return new Date(date.getTime() + date.getTimezoneOffset() * 60_000);
}

function dayText(seconds: number | null): string {
  return seconds === null || seconds === undefined ? "" : new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}
