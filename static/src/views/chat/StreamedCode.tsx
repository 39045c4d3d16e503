import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { tokens } from "./sql";

/** What is on screen: how far the text is settled, and the nodes after that. */
interface Drawn {
  text: string;
  /** Where the last token begins. Everything before it can no longer change by appending. */
  settled: number;
  tail: ChildNode[];
}

/** Code that grows at its end. New text becomes new nodes; nothing already drawn is touched, so a selection in it stays. */
export function StreamedCode({ text, open, testid }: { text: string; open: boolean; testid?: string | undefined }): JSX.Element {
  const code = useRef<HTMLElement>(null);
  const drawn = useRef<Drawn>({ text: "", settled: 0, tail: [] });

  useLayoutEffect(() => {
    const node = code.current!;
    const before = drawn.current;
    if (text === before.text) return;
    if (!text.startsWith(before.text)) {
      node.textContent = "";
      drawn.current = { text: "", settled: 0, tail: [] };
    }
    const { settled, tail } = drawn.current;
    for (const old of tail) old.remove();
    const found = tokens(text, settled);
    const nodes = found.map(({ kind, from, to }) => {
      const piece = text.slice(from, to);
      if (kind === "plain") return document.createTextNode(piece);
      const span = document.createElement("span");
      span.className = `tok-${kind}`;
      span.textContent = piece;
      return span;
    });
    node.append(...nodes);
    drawn.current = { text, settled: found.at(-1)?.from ?? settled, tail: nodes.slice(-1) };
  }, [text]);

  return (
    <pre class="code" data-open={open} tabIndex={0} aria-label="Query">
      <code ref={code} data-testid={testid} />
    </pre>
  );
}
