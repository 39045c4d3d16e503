import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import * as knowledge from "../../core/knowledge";
import type { Example, Trust } from "../../core/knowledge";
import { datasetChanged, datasets } from "../../core/workspace";
import { count } from "../chat/words";
import { Icon } from "../shell/icons";
import { hasDraft } from "./draft";
import { ExampleEntry } from "./ExampleEntry";
import { draftName, ExampleForm } from "./ExampleForm";
import { useFetched } from "./fetched";
import { ImportForm } from "./ImportForm";
import { PageLink } from "./PageLink";
import { Problem } from "./Problem";
import { StarterKit } from "./StarterKit";

const PAGE = 20;
/** A filter is asked for when the typing rests for so long. */
const REST_MS = 250;

type Shown = Trust | "all" | "broken";

const FILTERS: [Shown, string][] = [
  ["all", "All"],
  ["staged", "Staged"],
  ["verified", "Verified"],
  ["negative", "Negative"],
  ["broken", "Broken"],
];

/** Questions with the query that answers them: staged, run, verified. */
export function Examples({ id, only }: { id: string; only: string | null }): JSX.Element {
  return only ? <One id={id} example={only} /> : <All id={id} />;
}

function All({ id }: { id: string }): JSX.Element {
  const [shown, setShown] = useState<Shown>("all");
  const [tag, setTag] = useState("");
  const [text, setText] = useState("");
  const [offset, setOffset] = useState(0);
  const [form, setForm] = useState<"none" | "add" | "import">(() => (hasDraft(draftName(id, "new")) ? "add" : "none"));
  const words = useRested(text);
  const tagWords = useRested(tag);
  const page = useFetched(
    () => knowledge.examples(id, { ...(shown === "broken" ? { broken: true } : shown === "all" ? {} : { trust: shown }), tag: tagWords.trim(), text: words.trim(), offset, limit: PAGE }),
    [id, shown, words, tagWords, offset],
  );
  const found = page.value;
  const narrowed = shown !== "all" || words.trim() !== "" || tagWords.trim() !== "";
  const changed = async (): Promise<void> => {
    await page.reload();
    void datasetChanged(id);
  };
  const live = datasets.value?.find((d) => d.dataset_id === id)?.live !== false;

  return (
    <>
      {!live && <p class="panel-note">This dataset has no database behind it: its examples can be written and not run, so none can be verified.</p>}
      <div class="toolbar">
        <div class="segmented" role="group" aria-label="Trust">
          {FILTERS.map(([value, name]) => (
            <button
              type="button"
              key={value}
              aria-pressed={shown === value}
              data-testid={`trust-${value}`}
              onClick={() => {
                setShown(value);
                setOffset(0);
              }}
            >
              {name}
            </button>
          ))}
        </div>
        <label class="search">
          <Icon name="search" size={14} />
          <span class="sr-only">Find in questions and queries</span>
          <input
            type="search"
            data-testid="example-text"
            placeholder="Find text"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setOffset(0);
            }}
          />
        </label>
        <label class="search tag-search">
          <Icon name="search" size={14} />
          <span class="sr-only">Tag, as value or as name:value</span>
          <input
            type="search"
            data-testid="example-tag"
            placeholder="Tag, like sales"
            value={tag}
            onInput={(event) => {
              setTag(event.currentTarget.value);
              setOffset(0);
            }}
          />
        </label>
        <span class="spacer" />
        <button type="button" class="button" data-testid="import-examples" aria-expanded={form === "import"} onClick={() => setForm(form === "import" ? "none" : "import")}>
          Import
        </button>
        <button type="button" class="button is-primary" data-testid="add-example" aria-expanded={form === "add"} onClick={() => setForm(form === "add" ? "none" : "add")}>
          <Icon name="plus" /> Add
        </button>
      </div>
      {form === "add" && (
        <section class="card" aria-label="A new example">
          <ExampleForm id={id} example={null} close={() => setForm("none")} saved={changed} />
        </section>
      )}
      {form === "import" && (
        <section class="card" aria-label="Import">
          <ImportForm id={id} close={() => setForm("none")} changed={changed} />
        </section>
      )}
      <Problem what="The examples cannot be shown" problem={page.problem} retry={() => void page.reload()} />
      {!found && !page.problem && <div class="skeleton is-table" role="status" aria-label="Loading the examples" />}
      {found?.total === 0 && (narrowed ? <p class="empty-note">No example fits this filter.</p> : form === "none" && <StarterKit id={id} />)}
      {!!found?.items.length && (
        <ul class="example-list" data-testid="examples">
          {found.items.map((example) => (
            <li key={example.example_id}>
              <ExampleEntry id={id} example={example} live={live} onGone={changed} onChanged={(next) => page.set({ ...found, items: found.items.map((one) => (one.example_id === next.example_id ? next : one)) })} />
            </li>
          ))}
        </ul>
      )}
      {found && found.total > 0 && (
        <nav class="pager" aria-label="Pages">
          <span class="panel-note" role="status" data-testid="example-count">
            {found.items.length < found.total && found.items.length ? `${offset + 1} to ${offset + found.items.length} of ${count(found.total, "example")}` : count(found.total, "example")}
          </span>
          {(offset > 0 || found.next_offset !== undefined) && (
            <>
              <button type="button" class="button" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>
                Earlier
              </button>
              <button type="button" class="button" data-testid="next-page" disabled={found.next_offset === undefined} onClick={() => setOffset(found.next_offset ?? 0)}>
                Next
              </button>
            </>
          )}
        </nav>
      )}
    </>
  );
}

function One({ id, example }: { id: string; example: string }): JSX.Element {
  const loaded = useFetched(() => knowledge.example(id, example), [id, example]);
  const [gone, setGone] = useState(false);
  const live = datasets.value?.find((d) => d.dataset_id === id)?.live !== false;
  const found: Example | null = loaded.value;
  return (
    <>
      <p>
        <PageLink to={{ is: "dataset", id, tab: "examples" }}>All examples</PageLink>
      </p>
      {gone && <p class="empty-note">This example was deleted.</p>}
      <Problem what="The example cannot be shown" problem={loaded.problem} retry={() => void loaded.reload()} />
      {!found && !loaded.problem && <div class="skeleton is-table" role="status" aria-label="Loading the example" />}
      {found && !gone && (
        <ExampleEntry
          id={id}
          example={found}
          live={live}
          onChanged={loaded.set}
          onGone={async () => {
            setGone(true);
            await datasetChanged(id);
          }}
        />
      )}
    </>
  );
}

/** The text as it was when typing last rested. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
