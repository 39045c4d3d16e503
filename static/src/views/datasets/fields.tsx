import type { ComponentChildren, JSX } from "preact";

export function Field({ id, label, note, children }: { id: string; label: ComponentChildren; note?: string | undefined; children: ComponentChildren }): JSX.Element {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {note && <span class="panel-note">{note}</span>}
    </div>
  );
}

export function Choice({ id, label, value, options, onChange }: { id: string; label: string; value: string; options: readonly (readonly [string, string])[]; onChange: (value: string) => void }): JSX.Element {
  return (
    <Field id={id} label={label}>
      <select id={id} data-testid={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** Leaves a form, and lets go of what was typed into it. */
export function Cancel({ clear, close }: { clear: () => void; close: () => void }): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        clear();
        close();
      }}
    >
      Cancel
    </button>
  );
}
