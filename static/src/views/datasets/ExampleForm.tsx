import type { JSX } from "preact";
import * as knowledge from "../../core/knowledge";
import { TAGS, type Example, type ExampleDraft, type TagName } from "../../core/knowledge";
import { useDraft } from "./draft";
import { useAction } from "./fetched";
import { Cancel, Field } from "./fields";
import { Problem } from "./Problem";

export const draftName = (id: string, example: string): string => `example.${id}.${example}`;

interface Form extends Record<TagName, string> {
  question: string;
  query: string;
  variants: string;
  note: string;
  negative: boolean;
}

function formOf(example: Example | null): Form {
  const tags = Object.fromEntries(TAGS.map((tag) => [tag, example?.tags[tag] ?? ""])) as Record<TagName, string>;
  return { question: example?.question ?? "", query: example?.query ?? "", variants: (example?.variants ?? []).join("\n"), note: example?.note ?? "", negative: example?.trust === "negative", ...tags };
}

export function draftIn(form: Form): ExampleDraft {
  const tags = Object.fromEntries(TAGS.flatMap((tag) => (form[tag].trim() ? [[tag, form[tag].trim()]] : [])));
  return { question: form.question.trim(), query: form.query.trim(), variants: form.variants.split("\n").map((line) => line.trim()).filter(Boolean), tags, note: form.note.trim(), negative: form.negative };
}

export function ExampleForm({ id, example, close, saved }: { id: string; example: Example | null; close: () => void; saved: (example: Example) => Promise<void> }): JSX.Element {
  const [form, change, clear] = useDraft<Form>(draftName(id, example?.example_id ?? "new"), formOf(example));
  const saving = useAction();
  const at = example?.example_id ?? "new";
  const restages = example?.trust === "verified" && form.query.trim() !== example.query;
  return (
    <form
      class="form"
      aria-label={example ? "Edit the example" : "Add an example"}
      onSubmit={(event) => {
        event.preventDefault();
        void saving.run(async () => {
          const made = await (example ? knowledge.changeExample(id, example.example_id, draftIn(form)) : knowledge.addExample(id, draftIn(form)));
          clear();
          await saved(made);
          close();
        });
      }}
    >
      <Field id={`${at}-question`} label="Question">
        <input id={`${at}-question`} data-testid="example-question" required autocomplete="off" value={form.question} onInput={(event) => change({ question: event.currentTarget.value })} />
      </Field>
      <Field id={`${at}-query`} label="Query" note={restages ? "With another query it is staged again, until it was run and verified." : undefined}>
        <textarea id={`${at}-query`} data-testid="example-query" class="is-code" required rows={6} spellcheck={false} value={form.query} onInput={(event) => change({ query: event.currentTarget.value })} />
      </Field>
      <Field id={`${at}-variants`} label="Other wordings of the same question" note="One in a line.">
        <textarea id={`${at}-variants`} rows={2} value={form.variants} onInput={(event) => change({ variants: event.currentTarget.value })} />
      </Field>
      <fieldset class="field">
        <legend>Tags</legend>
        <div class="field-row">
          {TAGS.map((tag) => (
            <label key={tag} class="small-field">
              <span>{tag.replaceAll("_", " ")}</span>
              <input data-testid={`tag-${tag}`} maxLength={200} autocomplete="off" value={form[tag]} onInput={(event) => change({ [tag]: event.currentTarget.value } as Partial<Form>)} />
            </label>
          ))}
        </div>
      </fieldset>
      <Field id={`${at}-note`} label="Note">
        <input id={`${at}-note`} autocomplete="off" value={form.note} onInput={(event) => change({ note: event.currentTarget.value })} />
      </Field>
      {!example && (
        <label class="check">
          <input type="checkbox" checked={form.negative} onChange={(event) => change({ negative: event.currentTarget.checked })} />
          <span>
            This query is wrong for the question
            <span class="panel-note"> It is not given for such a question again.</span>
          </span>
        </label>
      )}
      <Problem what="Not saved" problem={saving.problem} />
      <div class="form-row">
        <button type="submit" class="button is-primary" data-testid="save-example" disabled={saving.busy}>
          {saving.busy ? "Checking…" : example ? "Save" : form.negative ? "Add" : "Stage it"}
        </button>
        <Cancel clear={clear} close={close} />
      </div>
    </form>
  );
}
