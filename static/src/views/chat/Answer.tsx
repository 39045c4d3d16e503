import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Turn } from "../../core/store";

type Render = (markdown: string) => DocumentFragment;
let rendering: Promise<Render> | null = null;
const loadRender = (): Promise<Render> => (rendering ??= import("./markdown").then((m) => m.render));

/**
 * The answer in words. While it streams only the last paragraph is drawn anew; paragraphs before it stay as they are.
 * A screen reader hears it once, when it is complete (`aria-busy` until then).
 */
export function Answer({ turn }: { turn: Turn }): JSX.Element | null {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef({ settled: "", tail: "" });
  const answer = turn.answer;
  const text = answer?.text ?? "";

  useLayoutEffect(() => {
    const waiting = box.current;
    if (!text || !waiting) return;
    // Until the renderer has loaded, the plain text is better than nothing.
    if (waiting.childElementCount === 0) waiting.textContent = text;
    let stale = false;
    void loadRender().then((render) => {
      const node = box.current;
      if (stale || !node) return;
      const cut = settledLength(text);
      const settled = text.slice(0, cut);
      const tail = text.slice(cut);
      if (settled !== drawn.current.settled || node.childElementCount !== 2) {
        const before = document.createElement("div");
        before.append(render(settled));
        const last = document.createElement("div");
        node.replaceChildren(before, last);
      }
      node.lastElementChild!.replaceChildren(render(tail));
      drawn.current = { settled, tail };
    });
    return () => {
      stale = true;
    };
  }, [text]);

  if (!answer || !text) return null;
  return (
    <div class="answer" role="group" data-testid="answer" aria-label="Answer" aria-live="polite" aria-busy={answer.open}>
      <div ref={box} class="prose" dir="auto" />
    </div>
  );
}

/** Up to the last blank line outside a fenced block: a list or a table after it may still grow. */
function settledLength(text: string): number {
  const cut = text.lastIndexOf("\n\n");
  if (cut < 0) return 0;
  const fences = text.slice(0, cut).match(/^```/gm)?.length ?? 0;
  return fences % 2 === 0 ? cut + 2 : 0;
}
