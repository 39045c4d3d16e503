import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  /** On the button, and on the one that does it. */
  label: string;
  /** What is lost. */
  warning: string;
  busy?: boolean;
  testid?: string;
  onConfirm: () => void;
}

/** Asks once more, in place. */
export function Confirm({ label, warning, busy = false, testid, onConfirm }: Props): JSX.Element {
  const [asking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useLayoutEffect(() => {
    if (asking) keep.current?.focus();
    else if (was.current) first.current?.focus();
    was.current = asking;
  }, [asking]);
  if (!asking) {
    return (
      <button type="button" ref={first} class="quiet" data-testid={testid} disabled={busy} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  return (
    <span class="confirm" role="group" aria-label={warning} onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), setAsking(false))}>
      <span class="panel-note">{warning}</span>
      <button type="button" class="button is-danger" data-testid={testid && `${testid}-confirm`} disabled={busy} onClick={onConfirm}>
        {label}
      </button>
      <button type="button" ref={keep} class="button" onClick={() => setAsking(false)}>
        Keep
      </button>
    </span>
  );
}
