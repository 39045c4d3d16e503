import type { JSX } from "preact";
import type { Asking } from "../../core/conversation";
import type { Turn } from "../../core/store";
import { focusQuestion } from "./question";

/** The server asks back. Choices are buttons; the question box takes any other answer. */
export function Clarification({ turn, active, ask }: { turn: Turn; active: boolean; ask: (asking: Asking) => void }): JSX.Element {
  return (
    <>
      {turn.interrupts.map((interrupt) => {
        const choices = interrupt.responseSchema?.properties?.choice?.enum ?? [];
        return (
          <div class="clarify" key={interrupt.id} role="group" aria-label="A question back to you" aria-live="polite">
            <p class="clarify-question" dir="auto">
              {interrupt.message}
            </p>
            <div class="clarify-options">
              {choices.map((choice) => (
                <button
                  type="button"
                  key={choice}
                  class="chip is-strong"
                  data-testid="clarify-option"
                  disabled={!active}
                  onClick={() => ask({ question: choice, resume: { interruptId: interrupt.id, choice } })}
                >
                  {choice}
                </button>
              ))}
              {active && (
                <button type="button" class="link-button" onClick={focusQuestion}>
                  Something else…
                </button>
              )}
            </div>
          </div>
        );
      })}
    </>
  );
}
