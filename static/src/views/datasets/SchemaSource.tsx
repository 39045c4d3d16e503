import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count } from "../chat/words";
import { Icon } from "../shell/icons";

/** A file of more characters than this is not put into a text box. */
const SHOWN_CHARS = 400_000;

/** Text that is typed, pasted, or read from a file; a large file is named instead of shown. */
export interface Source {
  text: string;
  file: string;
}

interface Props {
  id: string;
  label: string;
  accept: string;
  placeholder: string;
  source: Source;
  /** Of a large file, which is not kept over a reload. */
  change: (source: Source) => void;
}

export function SchemaSource({ id, label, accept, placeholder, source, change }: Props): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    try {
      change({ text: await file.text(), file: file.name });
      setProblem(null);
    } catch {
      setProblem(`${file.name} cannot be read. Choose it again, or paste its text.`);
    }
  };
  const isLarge = source.text.length > SHOWN_CHARS;
  return (
    <div
      class="field"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void read(event.dataTransfer?.files[0]);
      }}
    >
      <div class="field-head">
        <label for={id}>{label}</label>
        <label class="quiet file-button">
          <Icon name="download" size={14} /> From a file
          <input class="sr-only" type="file" accept={accept} data-testid={`${id}-file`} onChange={(event) => void read(event.currentTarget.files?.[0]).then(() => undefined)} />
        </label>
      </div>
      {isLarge ? (
        <p class="file-note">
          {source.file || "The text"}: {count(source.text.length, "character")}, too long to be shown here.{" "}
          <button type="button" class="link-button" onClick={() => change({ text: "", file: "" })}>
            Take it out
          </button>
        </p>
      ) : (
        <textarea id={id} data-testid={id} class="is-code" rows={12} spellcheck={false} placeholder={placeholder} value={source.text} onInput={(event) => change({ text: event.currentTarget.value, file: "" })} />
      )}
      {problem && (
        <p class="inline-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** The JSON of a schema, or a sentence on what is wrong with it. */
export function schemaJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`This is not JSON: ${(error as Error).message}. Correct it there, then try again.`);
  }
}
