import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Turn } from "../../core/store";
import { percent } from "./words";

/** Decision 1 of the requirements: from 0.85 an answer stands, below 0.6 a choice between readings is likely. */
const HIGH = 0.85;
const LOW = 0.6;

export function Badges({ turn }: { turn: Turn }): JSX.Element | null {
  const outcome = turn.outcome;
  if (!outcome) return null;
  const { confidence, trust, generator } = outcome;
  const hasQuery = !!outcome.query;
  const attempts = outcome.attempts ?? 1;
  if (!hasQuery && generator?.kind !== "builtin") return null;
  return (
    <div class="badges">
      {hasQuery && trust && (
        <Badge
          testid="badge-trust"
          tone={trust === "verified" ? "good" : "plain"}
          text={trust === "verified" ? "Verified" : "Unverified"}
          why={
            trust === "verified"
              ? "Every check passed and the confidence is high, or someone approved this very query before."
              : "The query was proven read-only and fits the schema, but it may not be what you meant. Read it before you rely on it."
          }
        />
      )}
      {hasQuery && typeof confidence === "number" && (
        <Badge
          testid="badge-confidence"
          tone={confidence >= HIGH ? "good" : confidence < LOW ? "bad" : "plain"}
          text={`${percent(confidence)} confident`}
          meter={confidence}
          why={`${confidence >= HIGH ? "High" : confidence < LOW ? "Low" : "Moderate"}: how well the tables, the checks and the result agree with the question. From ${percent(HIGH)} an answer stands by itself; below ${percent(LOW)} read the query before you rely on it.`}
        />
      )}
      {generator?.kind === "builtin" && (
        <Badge testid="badge-generator" tone="plain" text="Built-in generator" why="No language model took part: rules composed this query from the schema. Simple questions work best." />
      )}
      {generator?.kind === "model" && <Badge testid="badge-generator" tone="plain" text={generator.name} why={`The language model that wrote this query${generator.provider ? `, by way of ${generator.provider}` : ""}.`} />}
      {attempts > 1 && hasQuery && <Badge testid="badge-attempts" tone="plain" text={`${attempts} attempts`} why="Earlier versions failed a check and were refined. They are folded under the query." />}
    </div>
  );
}

interface BadgeProps {
  text: string;
  why: string;
  tone: "good" | "plain" | "bad";
  testid: string;
  meter?: number;
}

/** A word with its reason, shown on hover and on focus, and always there for a screen reader. */
function Badge({ text, why, tone, testid, meter }: BadgeProps): JSX.Element {
  const id = useId();
  return (
    <span class="badge-wrap">
      <button type="button" class="badge" data-testid={testid} data-tone={tone} aria-describedby={id}>
        {meter !== undefined && (
          <span class="badge-meter" aria-hidden="true">
            <span style={{ width: percent(meter).replace(" ", "") }} />
          </span>
        )}
        {text}
      </button>
      <span class="tip" role="tooltip" id={id}>
        {why}
      </span>
    </span>
  );
}
