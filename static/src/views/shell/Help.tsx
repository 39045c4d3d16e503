import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export const helpOpen = signal(false);

const KEYS: [string[], string][] = [
  [["/"], "Go to the question"],
  [["Enter"], "Send; with Shift, a new line"],
  [["↑"], "Earlier questions, from the start of the box"],
  [["Esc"], "Stop the running question"],
  [["n"], "New conversation"],
  [["Ctrl", "K"], "Search conversations"],
  [["F2"], "Rename, and Del deletes, the focused conversation"],
  [["Ctrl", "Enter"], "Run the query in the editor"],
  [["Arrows"], "Move through a table; Ctrl+C copies the cell"],
];

export function Help(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="help-title" onClose={() => (helpOpen.value = false)}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {KEYS.map(([keys, words]) => (
          <>
            <dt>
              {keys.map((key, i) => (
                <>
                  {i > 0 && "+"}
                  <kbd>{key}</kbd>
                </>
              ))}
            </dt>
            <dd>{words}</dd>
          </>
        ))}
      </dl>
      <div class="form-row">
        <button type="button" class="button" autofocus onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
