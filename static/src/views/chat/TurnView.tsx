import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import type { Asking, OpenConversation } from "../../core/conversation";
import { isOver, type Turn, type TurnError } from "../../core/store";
import { ResultPanel } from "../result/ResultPanel";
import { Icon } from "../shell/icons";
import { Answer } from "./Answer";
import { Badges } from "./Badges";
import { Clarification } from "./Clarification";
import { FeedbackBar } from "./Feedback";
import { rephrase } from "./question";
import { QueryPanel } from "./QueryPanel";
import { Trace } from "./Trace";

interface Props {
  turn: Turn;
  number: number;
  isLast: boolean;
  open: OpenConversation;
  ask: (asking: Asking) => void;
}

/** One question and everything done to answer it. A turn that did not change is not drawn again. */
export const TurnView = memo(
  ({ turn, number, isLast, open, ask }: Props): JSX.Element => {
    const heading = `turn-${turn.id}`;
    const over = isOver(turn.status);
    const resultId = turn.result?.resultId || turn.outcome?.resultId || null;
    return (
      <article class="turn" data-testid="turn" data-status={turn.status} aria-labelledby={heading}>
        <div class="turn-number" aria-hidden="true">
          {number}
        </div>
        <h2 class="question-text" id={heading} dir="auto">
          {turn.question || "…"}
        </h2>
        <div class="turn-body">
          {turn.status === "unsent" && <p class="turn-note">Waiting to be sent…</p>}
          <Trace turn={turn} />
          <QueryPanel turn={turn} open={open} />
          {resultId && <ResultPanel key={resultId} resultId={resultId} first={turn.result} />}
          <Answer turn={turn} />
          {turn.interrupts.length > 0 && <Clarification turn={turn} active={isLast && turn.status === "clarifying"} ask={ask} />}
          {turn.error && <ErrorNote error={turn.error} retry={() => open.retry(turn)} rephrase={() => rephrase(turn.question)} />}
          {turn.status === "lost" && <p class="turn-note is-lost">Interrupted: the connection closed before the answer was complete.</p>}
          {turn.status === "cancelled" && (
            <p class="turn-note">
              Stopped.{" "}
              <button type="button" class="link-button" onClick={() => ask({ question: turn.question })}>
                Ask again
              </button>
            </p>
          )}
          {over && turn.status !== "failed" && turn.outcome && (
            <div class="verdict">
              <Badges turn={turn} />
              {turn.status === "succeeded" && <FeedbackBar turn={turn} open={open} ask={ask} />}
            </div>
          )}
          {isLast && turn.status === "succeeded" && !!turn.outcome?.suggestions?.length && (
            <ul class="suggestions" aria-label="Follow-up questions">
              {turn.outcome.suggestions.map((suggestion) => (
                <li key={suggestion}>
                  <button type="button" class="chip" data-testid="suggestion" onClick={() => ask({ question: suggestion })}>
                    {suggestion}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
      </article>
    );
  },
  (a, b) => a.turn === b.turn && a.isLast === b.isLast && a.number === b.number && a.open === b.open,
);

/** Seconds until the server will take the question again. */
function useCountdown(error: TurnError): number {
  const [left, setLeft] = useState(Math.ceil((error.retryAfterMs ?? 0) / 1000));
  useEffect(() => {
    const until = Date.now() + (error.retryAfterMs ?? 0);
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(seconds);
      if (seconds === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}

function ErrorNote({ error, retry, rephrase }: { error: TurnError; retry: () => void; rephrase: () => void }): JSX.Element {
  const wait = useCountdown(error);
  return (
    <div class="error-note" data-testid="error" role="alert">
      <Icon name="alert" size={18} />
      <div>
        <p class="error-message">{error.message}</p>
        <p class="error-facts">
          <code>{error.code}</code>
          {error.stage && <span> in {error.stage.replaceAll("_", " ")}</span>}
          {error.traceId && (
            <span>
              {" "}
              · trace <code>{error.traceId}</code>
            </span>
          )}
        </p>
      </div>
      {!error.retryable && (
        <button type="button" class="button" data-testid="rephrase" onClick={rephrase}>
          <Icon name="pencil" /> Rephrase
        </button>
      )}
      {error.retryable && (
        <button type="button" class="button" data-testid="retry" disabled={wait > 0} onClick={retry}>
          <Icon name="retry" /> {wait > 0 ? `Try again in ${wait} s` : "Try again"}
        </button>
      )}
    </div>
  );
}
