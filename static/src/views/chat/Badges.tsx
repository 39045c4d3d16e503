import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { addressOf, type Page } from "../../core/page";
import type { Turn } from "../../core/store";
import type { ExampleUse } from "../../core/wire";
import { openPage } from "../../core/workspace";
import { plainClick } from "../shell/clicks";
import { Icon } from "../shell/icons";
import { percent } from "./words";

/** Decision 1 of the requirements: from 0.85 an answer stands, below 0.6 a choice between readings is likely. */
const HIGH = 0.85;
const LOW = 0.6;

export function Badges({ turn }: { turn: Turn }): JSX.Element | null {
  const outcome = turn.outcome;
  if (!outcome) return null;
  const { confidence, trust, generator, example, dataset } = outcome;
  const hasQuery = !!outcome.query;
  const attempts = outcome.attempts ?? 1;
  if (!hasQuery && generator?.kind !== "builtin") return null;
  return (
    <div class="badges">
      {hasQuery && example && <Trusted example={example} datasetId={dataset?.id ?? null} />}
      {hasQuery && trust && !example && (
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

/** An answer that somebody stands for: who, since when, and where that is written down. */
function Trusted({ example, datasetId }: { example: ExampleUse; datasetId: string | null }): JSX.Element {
  const by = example.verifiedBy ? ` by ${example.verifiedBy}` : "";
  const when = example.verifiedAt ? ` on ${new Date(example.verifiedAt).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })}` : "";
  const replaced = (example.replaced ?? []).map(({ was, now }) => ` Here it has ${now} in place of ${was}.`).join("");
  const page: Page | null = datasetId ? { is: "dataset", id: datasetId, tab: "examples", example: example.id } : null;
  return (
    <>
      <Badge
        testid="badge-trust"
        tone="good"
        icon="check"
        text="Trusted answer"
        why={`Nobody had to write this query: it is the verified example “${example.question}”, from ${example.source}, executed and verified${by}${when}.${replaced}`}
      />
      <span class="trusted-by" data-testid="trusted-by">
        Verified{by}
        {when}
        {page && (
          <>
            {" · "}
            <a href={addressOf(page)} data-testid="trusted-example" onClick={(event) => plainClick(event, () => openPage(page))}>
              see the example
            </a>
          </>
        )}
      </span>
    </>
  );
}

interface BadgeProps {
  text: string;
  why: string;
  tone: "good" | "plain" | "bad";
  testid: string;
  meter?: number;
  icon?: "check";
}

/** A word with its reason, shown on hover and on focus, and always there for a screen reader. */
function Badge({ text, why, tone, testid, meter, icon }: BadgeProps): JSX.Element {
  const id = useId();
  return (
    <span class="badge-wrap">
      <button type="button" class="badge" data-testid={testid} data-tone={tone} aria-describedby={id}>
        {meter !== undefined && (
          <span class="badge-meter" aria-hidden="true">
            <span style={{ width: percent(meter).replace(" ", "") }} />
          </span>
        )}
        {icon && <Icon name={icon} size={12} />}
        {text}
      </button>
      <span class="tip" role="tooltip" id={id}>
        {why}
      </span>
    </span>
  );
}
