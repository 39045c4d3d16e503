import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Feedback, Learnt } from "../../core/api";
import type { Asking, OpenConversation } from "../../core/conversation";
import { addressOf, type Page } from "../../core/page";
import { queryOf, type Turn } from "../../core/store";
import { openPage } from "../../core/workspace";
import { plainClick } from "../shell/clicks";
import { Icon } from "../shell/icons";

const CATEGORIES: [string, string][] = [
  ["wrong_table", "Wrong table"],
  ["wrong_columns", "Wrong columns"],
  ["wrong_filter", "Wrong filter"],
  ["wrong_aggregation", "Wrong aggregation"],
  ["syntax_error", "The query does not run"],
  ["incomplete", "Incomplete"],
  ["other", "Something else"],
];

type Step = "asking" | "explaining" | "sending" | "thanked";

/** Thumbs, and after a thumb down: what was wrong? */
export function FeedbackBar({ turn, open, ask }: { turn: Turn; open: OpenConversation; ask: (asking: Asking) => void }): JSX.Element {
  const [step, setStep] = useState<Step>("asking");
  const [problem, setProblem] = useState<string | null>(null);
  const rating = turn.feedback;

  const [said, setSaid] = useState("");
  const [learnt, setLearnt] = useState<Learnt>({});

  const send = async (body: Feedback, next: Step): Promise<void> => {
    setProblem(null);
    const before = step;
    setStep("sending");
    try {
      setLearnt(await open.rate(turn.id, body));
      setStep(next);
    } catch (error) {
      setProblem((error as Error).message);
      setStep(before);
    }
  };
  // The thumb counts at once; reasons given afterwards replace it on the server.
  const onDown = (): void => {
    if (step === "explaining") setStep("asking");
    else if (rating === "down") setStep("explaining");
    else void send({ rating: "down" }, "explaining");
  };

  return (
    <div class="feedback">
      <div class="thumbs">
        <span class="panel-note" id={`rate-${turn.id}`}>
          {step === "thanked" ? "Thank you." : rating ? "You rated this." : "Is this right?"}
        </span>
        <button type="button" class="icon-button is-small" data-testid="thumb-up" aria-label="Yes, this is right" aria-pressed={rating === "up"} disabled={step === "sending"} onClick={() => void send({ rating: "up" }, "thanked")}>
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="icon-button is-small"
          data-testid="thumb-down"
          aria-label="No, something is wrong"
          aria-pressed={rating === "down"}
          aria-expanded={step === "explaining"}
          disabled={step === "sending"}
          onClick={onDown}
        >
          <Icon name="down" />
        </button>
        {step === "thanked" && <Taught learnt={learnt} datasetId={turn.outcome?.dataset?.id ?? null} />}
        {step === "thanked" && rating === "down" && (
          <button type="button" class="link-button" onClick={() => ask({ question: said || turn.question, said, retryOf: turn.id })}>
            Try again with this feedback
          </button>
        )}
      </div>
      {problem && (
        <p class="inline-error" role="alert">
          Not saved: {problem}
        </p>
      )}
      {(step === "explaining" || (step === "sending" && rating === "down")) && (
        <WrongForm
          turn={turn}
          busy={step === "sending"}
          send={(body) => {
            setSaid(inWords(body));
            return send(body, "thanked");
          }}
          cancel={() => setStep("asking")}
        />
      )}
    </div>
  );
}

/** The example that a thumb or a correction made. */
function Taught({ learnt, datasetId }: { learnt: Learnt; datasetId: string | null }): JSX.Element | null {
  const example = learnt.verified_example ?? learnt.staged_example;
  if (!example || !datasetId) return null;
  const page: Page = { is: "dataset", id: datasetId, tab: "examples", example };
  return (
    <a class="taught" data-testid="taught" href={addressOf(page)} onClick={(event) => plainClick(event, () => openPage(page))}>
      {learnt.verified_example ? "It is a verified example now" : "Your query waits to be run and verified"}
    </a>
  );
}

/** Feedback as a sentence for the next attempt. */
function inWords({ category, text, correction }: Feedback): string {
  const kind = CATEGORIES.find(([value]) => value === category && value !== "other")?.[1];
  return [kind && `${kind}.`, text, correction && `It should be:\n${correction}`].filter(Boolean).join(" ");
}

function WrongForm({ turn, busy, send, cancel }: { turn: Turn; busy: boolean; send: (body: Feedback) => Promise<void>; cancel: () => void }): JSX.Element {
  const [category, setCategory] = useState("");
  const [text, setText] = useState("");
  const [correction, setCorrection] = useState("");
  const first = useRef<HTMLSelectElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const query = queryOf(turn);
  return (
    <form
      class="wrong"
      aria-label="What was wrong?"
      onSubmit={(event) => {
        event.preventDefault();
        void send({
          rating: "down",
          ...(category ? { category } : {}),
          ...(text.trim() ? { text: text.trim() } : {}),
          ...(correction.trim() ? { correction: correction.trim() } : {}),
        });
      }}
    >
      <h3>What was wrong?</h3>
      <label>
        <span>Kind</span>
        <select ref={first} data-testid="wrong-category" value={category} onChange={(event) => setCategory(event.currentTarget.value)}>
          <option value="">Not sure</option>
          {CATEGORIES.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>In your words</span>
        <textarea data-testid="wrong-text" rows={2} value={text} onInput={(event) => setText(event.currentTarget.value)} placeholder="Refunded orders should not count…" />
      </label>
      {query && (
        <label>
          <span>
            The right query, if you know it{" "}
            {!correction && (
              <button type="button" class="link-button" onClick={() => setCorrection(query)}>
                start from this one
              </button>
            )}
          </span>
          <textarea class="is-code" data-testid="wrong-correction" rows={correction ? Math.min(10, correction.split("\n").length + 1) : 2} spellcheck={false} value={correction} onInput={(event) => setCorrection(event.currentTarget.value)} />
        </label>
      )}
      <div class="form-row">
        <button type="submit" class="button is-primary" data-testid="wrong-send" disabled={busy}>
          {busy ? "Sending…" : "Send"}
        </button>
        <button type="button" class="button" onClick={cancel} disabled={busy}>
          Cancel
        </button>
      </div>
    </form>
  );
}
