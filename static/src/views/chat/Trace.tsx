import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Stage, Turn } from "../../core/store";
import { Icon } from "../shell/icons";
import { duration } from "./words";

const NAMES: Record<string, { short: string; long: string; doing: string }> = {
  intent_classification: { short: "Intent", long: "Understanding the question", doing: "Reading the question" },
  schema_retrieval: { short: "Schema", long: "Finding tables and columns", doing: "Looking for the right tables" },
  query_analysis: { short: "Plan", long: "Planning the query", doing: "Planning the query" },
  query_generation: { short: "Write", long: "Writing the query", doing: "Writing the query" },
  query_validation: { short: "Check", long: "Checking the query", doing: "Proving the query harmless and right" },
  query_refinement: { short: "Refine", long: "Refining the query", doing: "Refining the query" },
  query_execution: { short: "Run", long: "Running the query", doing: "Running the query" },
};

export function stageWords(name: string): { short: string; long: string; doing: string } {
  const plain = name.replaceAll("_", " ");
  return NAMES[name] ?? { short: plain, long: plain, doing: plain };
}

/** All passes through one stage; a refined turn goes through some of them more than once. */
interface Segment {
  name: string;
  passes: Stage[];
  ms: number;
  running: boolean;
}

/**
 * The work as a strip: one segment per stage, as wide as the time it took (square root, so that a 5 ms stage beside
 * a 5 s one can still be read). It unfolds to what every pass found.
 */
export function Trace({ turn }: { turn: Turn }): JSX.Element | null {
  const [unfolded, setUnfolded] = useState(false);
  const segments = segmentsOf(turn.stages);
  const current = turn.stages.findLast((s) => s.running);
  const live = turn.status === "running" || turn.status === "lost";
  if (!segments.length) return live ? <p class="trace-now" aria-live="polite">Starting…</p> : null;

  const total = segments.reduce((sum, s) => sum + s.ms, 0);
  const detailId = `trace-${turn.id}`;
  const found = turn.stages.findLast((s) => !s.running && s.finding);
  return (
    <div class="trace" data-running={current !== undefined} role="group" aria-label="How this was answered">
      <div class="trace-strip">
        <div class="segments">
          {segments.map((segment) => (
            <button
              type="button"
              key={segment.name}
              class="segment"
              data-testid={`stage-${segment.name}`}
              data-state={segment.running ? "running" : "done"}
              style={{ flexGrow: Math.max(1, Math.sqrt(segment.ms)) }}
              aria-expanded={unfolded}
              aria-controls={detailId}
              title={segment.passes.at(-1)?.finding ?? stageWords(segment.name).long}
              onClick={() => setUnfolded(!unfolded)}
            >
              <span class="segment-bar" />
              <span class="segment-name">
                {stageWords(segment.name).short}
                {segment.passes.length > 1 && <span class="segment-times"> ×{segment.passes.length}</span>}
              </span>
              <span class="sr-only">
                {" "}
                {stageWords(segment.name).long}
                {segment.running && ", running"}{" "}
              </span>
              <span class="segment-ms">{segment.running ? <Ticking /> : duration(segment.ms)}</span>
            </button>
          ))}
        </div>
        <button type="button" class="trace-fold" aria-expanded={unfolded} aria-controls={detailId} onClick={() => setUnfolded(!unfolded)}>
          <span class="trace-total">{live ? "" : duration(total)}</span>
          <span class="sr-only">{unfolded ? "Fold the steps" : "Unfold the steps"}</span>
          <Icon name="chevron" size={14} />
        </button>
      </div>
      {live && !unfolded && (
        <p class="trace-now" aria-live="polite">
          {current ? `${stageWords(current.name).doing}…` : (found?.finding ?? "")}
        </p>
      )}
      <ol class="trace-detail" id={detailId} hidden={!unfolded}>
        {unfolded &&
          turn.stages.map((stage, index) => (
            <li key={index} data-testid="stage-detail" data-state={stage.running ? "running" : "done"}>
              <span class="detail-name">
                {stageWords(stage.name).long}
                {stage.attempt > 1 && <span class="detail-attempt">attempt {stage.attempt}</span>}
              </span>
              <span class="detail-finding" dir="auto">
                {stage.finding ?? (stage.running ? "…" : "")}
              </span>
              <span class="detail-ms">{stage.running ? <Ticking /> : duration(stage.ms)}</span>
            </li>
          ))}
      </ol>
    </div>
  );
}

function segmentsOf(stages: Stage[]): Segment[] {
  const segments = new Map<string, Segment>();
  for (const stage of stages) {
    const segment = segments.get(stage.name) ?? { name: stage.name, passes: [], ms: 0, running: false };
    segment.passes.push(stage);
    segment.ms += stage.ms ?? 0;
    segment.running ||= stage.running;
    segments.set(stage.name, segment);
  }
  return [...segments.values()];
}

/** Time since this stage came on screen. */
function Ticking(): JSX.Element {
  const [ms, setMs] = useState(0);
  useEffect(() => {
    const began = Date.now();
    const timer = setInterval(() => setMs(Date.now() - began), 100);
    return () => clearInterval(timer);
  }, []);
  return <span aria-hidden="true">{ms < 300 ? "…" : `${(ms / 1000).toFixed(1)} s`}</span>;
}
