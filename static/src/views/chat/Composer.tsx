import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { OpenConversation } from "../../core/conversation";
import { runningTurn } from "../../core/store";
import { ask, chooseDataset, dataset, datasetId, datasets } from "../../core/workspace";
import { Icon } from "../shell/icons";
import { isNarrow } from "../shell/panels";
import { questionText } from "./question";

/** Where up-arrow stands in the questions of the conversation; -1 is the text being written. */
interface Recall {
  at: number;
  draft: string;
}

export function Composer({ open }: { open: OpenConversation | null }): JSX.Element {
  const box = useRef<HTMLTextAreaElement>(null);
  const recall = useRef<Recall>({ at: -1, draft: "" });
  const turns = open?.state.value.turns ?? [];
  const running = open ? runningTurn(open.state.value) : null;
  const last = turns.at(-1);
  const interrupt = last?.status === "clarifying" ? last.interrupts[0] : undefined;
  const text = questionText.value;

  useLayoutEffect(() => {
    const field = box.current!;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 0.4 * innerHeight)}px`;
  }, [text]);
  useEffect(() => {
    // A keyboard that slides in unasked hides half of a phone's screen.
    if (!isNarrow.value) box.current?.focus();
  }, []);

  const send = (): void => {
    const question = questionText.value.trim();
    if (!question || running) return;
    questionText.value = "";
    recall.current = { at: -1, draft: "" };
    ask({ question, resume: interrupt ? { interruptId: interrupt.id, choice: question } : undefined });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
      return;
    }
    const field = box.current!;
    const up = event.key === "ArrowUp" && field.selectionStart === 0 && field.selectionEnd === 0;
    const down = event.key === "ArrowDown" && recall.current.at >= 0 && field.selectionStart === field.value.length;
    if (!up && !down) return;
    const asked = [...new Set(turns.map((t) => t.question).reverse())].filter(Boolean);
    const { at, draft } = recall.current;
    const to = Math.min(at + (up ? 1 : -1), asked.length - 1);
    if (to === at) return;
    event.preventDefault();
    recall.current = { at: to, draft: at < 0 ? questionText.value : draft };
    const recalled = to < 0 ? recall.current.draft : asked[to]!;
    questionText.value = recalled;
    // At once: the next key may come before the next frame, and where the caret stands decides what it means.
    field.value = recalled;
    const caret = up ? 0 : recalled.length;
    field.setSelectionRange(caret, caret);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="sr-only" for="question">
        {interrupt ? "Your answer" : "Your question"}
      </label>
      <textarea
        id="question"
        ref={box}
        data-testid="question"
        rows={1}
        autocomplete="off"
        enterkeyhint="send"
        aria-describedby="question-keys"
        placeholder={interrupt ? "Or answer in your own words…" : dataset.value ? `Ask about ${dataset.value.name}…` : "Ask a question…"}
        value={text}
        onInput={(event) => {
          questionText.value = event.currentTarget.value;
          recall.current.at = -1;
        }}
        onKeyDown={onKeyDown}
      />
      <div class="composer-row">
        <label class="picker">
          <span class="sr-only">Dataset</span>
          <Icon name="table" size={14} />
          <select data-testid="dataset-picker" value={datasetId.value ?? ""} disabled={!datasets.value?.length} onChange={(event) => chooseDataset(event.currentTarget.value || null)}>
            {!datasets.value?.length && <option value="">No dataset</option>}
            {(datasets.value?.length ?? 0) > 1 && <option value="">Choose for me</option>}
            {datasets.value?.map((d) => (
              <option key={d.dataset_id} value={d.dataset_id}>
                {d.name}
              </option>
            ))}
          </select>
        </label>
        <span class="composer-keys" id="question-keys">
          <kbd>Enter</kbd> sends, <kbd>Shift</kbd>+<kbd>Enter</kbd> new line
        </span>
        {running ? (
          <button type="button" class="send is-stop" data-testid="stop" onClick={() => open?.stop()} title="Stop (Esc)">
            <Icon name="stop" /> Stop
          </button>
        ) : (
          <button type="submit" class="send" data-testid="send" disabled={!text.trim()}>
            Ask <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}
