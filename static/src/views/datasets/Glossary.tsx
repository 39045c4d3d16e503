import type { JSX } from "preact";
import { useState } from "preact/hooks";
import * as knowledge from "../../core/knowledge";
import type { Directive, NewDirective } from "../../core/knowledge";
import { datasetChanged } from "../../core/workspace";
import { Icon } from "../shell/icons";
import { Confirm } from "./Confirm";
import { hasDraft, useDraft } from "./draft";
import { useAction, useFetched } from "./fetched";
import { Cancel, Field } from "./fields";
import { Problem } from "./Problem";

const BLANK: NewDirective = { key: "", value: "", context: "" };
const draftName = (id: string, directive: string): string => `directive.${id}.${directive}`;

/** The organisation's own words, and what a query has to make of them. */
export function Glossary({ id }: { id: string }): JSX.Element {
  const loaded = useFetched(() => knowledge.directives(id), [id]);
  const [adding, setAdding] = useState(() => hasDraft(draftName(id, "new")));
  const items = loaded.value;
  const changed = async (): Promise<void> => {
    await loaded.reload();
    void datasetChanged(id);
  };
  return (
    <>
      <div class="toolbar">
        <p class="panel-note">
          A word and what it means: an expression (<code>sum(price * size) / sum(size)</code>), a condition (<code>total &gt; 1000</code>), or other words.
        </p>
        {!adding && (
          <button type="button" class="button is-primary" data-testid="add-directive" onClick={() => setAdding(true)}>
            <Icon name="plus" /> Add a word
          </button>
        )}
      </div>
      {adding && (
        <section class="card" aria-label="A new word">
          <DirectiveForm id={id} directive={null} close={() => setAdding(false)} changed={changed} />
        </section>
      )}
      <Problem what="The glossary cannot be shown" problem={loaded.problem} retry={() => void loaded.reload()} />
      {!items && !loaded.problem && <div class="skeleton is-table" role="status" aria-label="Loading the glossary" />}
      {items?.length === 0 && !adding && (
        <div class="empty-note" data-testid="no-directives">
          <p>No word yet. What do people here say that no column is called?</p>
          <p class="panel-note">“VIP customer” could be customers with a total over 10,000; “VWAP” a price weighted by size.</p>
        </div>
      )}
      {!!items?.length && (
        <ul class="directives">
          {items.map((directive) => (
            <Entry key={directive.directive_id} id={id} directive={directive} changed={changed} />
          ))}
        </ul>
      )}
    </>
  );
}

function Entry({ id, directive, changed }: { id: string; directive: Directive; changed: () => Promise<void> }): JSX.Element {
  const [editing, setEditing] = useState(() => hasDraft(draftName(id, directive.directive_id)));
  const removing = useAction();
  if (editing) {
    return (
      <li class="card">
        <DirectiveForm id={id} directive={directive} close={() => setEditing(false)} changed={changed} />
      </li>
    );
  }
  return (
    <li class="card directive" data-testid="directive">
      <div class="card-head">
        <h3>{directive.key}</h3>
        <code class="directive-value">{directive.value}</code>
        <span class="spacer" />
        <button type="button" class="quiet" data-testid="edit-directive" aria-label={`Edit ${directive.key}`} onClick={() => setEditing(true)}>
          <Icon name="pencil" size={14} /> Edit
        </button>
        <Confirm label="Delete" warning={`“${directive.key}” means nothing special then.`} busy={removing.busy} testid="delete-directive" onConfirm={() => void removing.run(async () => (await knowledge.removeDirective(id, directive.directive_id), changed()))} />
      </div>
      {directive.effect && !directive.broken && (
        <p class="effect" data-testid="effect">
          {directive.effect}
        </p>
      )}
      {directive.broken && <p class="inline-error">Not used: {directive.broken}</p>}
      <p class="panel-note">
        {directive.context && `${directive.context} · `}by {directive.author}
      </p>
      <Problem what="The word was not deleted" problem={removing.problem} />
    </li>
  );
}

function DirectiveForm({ id, directive, close, changed }: { id: string; directive: Directive | null; close: () => void; changed: () => Promise<void> }): JSX.Element {
  const [form, change, clear] = useDraft<NewDirective>(draftName(id, directive?.directive_id ?? "new"), directive ? { key: directive.key, value: directive.value, context: directive.context } : BLANK);
  const saving = useAction();
  const field = directive?.directive_id ?? "new";
  return (
    <form
      class="form"
      aria-label={directive ? `Edit ${directive.key}` : "Add a word"}
      onSubmit={(event) => {
        event.preventDefault();
        void saving.run(async () => {
          await (directive ? knowledge.changeDirective(id, directive.directive_id, form) : knowledge.addDirective(id, form));
          clear();
          await changed();
          close();
        });
      }}
    >
      <Field id={`${field}-key`} label="The word">
        <input id={`${field}-key`} data-testid="directive-key" required maxLength={200} autocomplete="off" placeholder="VIP customer" value={form.key} onInput={(event) => change({ key: event.currentTarget.value })} />
      </Field>
      <Field id={`${field}-value`} label="What it means">
        <textarea id={`${field}-value`} data-testid="directive-value" class="is-code" required maxLength={4000} rows={2} spellcheck={false} placeholder="sum(orders.total) > 10000" value={form.value} onInput={(event) => change({ value: event.currentTarget.value })} />
      </Field>
      <Field id={`${field}-context`} label="When it applies" note="May name the table that it is about.">
        <input id={`${field}-context`} data-testid="directive-context" maxLength={4000} autocomplete="off" value={form.context} onInput={(event) => change({ context: event.currentTarget.value })} />
      </Field>
      <Problem what="Not saved" problem={saving.problem} />
      <div class="form-row">
        <button type="submit" class="button is-primary" data-testid="save-directive" disabled={saving.busy}>
          {saving.busy ? "Saving…" : "Save"}
        </button>
        <Cancel clear={clear} close={close} />
      </div>
    </form>
  );
}
