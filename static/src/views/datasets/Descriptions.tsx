import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import * as api from "../../core/api";
import type { Column, Table } from "../../core/api";
import * as knowledge from "../../core/knowledge";
import type { Annotation, Said } from "../../core/knowledge";
import { datasetChanged, openPage, status } from "../../core/workspace";
import { compact, count } from "../chat/words";
import { Icon } from "../shell/icons";
import { useDraft, hasDraft } from "./draft";
import { useAction, useFetched } from "./fetched";
import { Cancel, Field } from "./fields";
import { PageLink } from "./PageLink";
import { Problem } from "./Problem";
import { Relationships } from "./Relationships";

/** Tables listed before a filter narrows them. */
const SHOWN = 300;

/** How a table is named in an address and in what is said of it. */
export function nameOf(table: Table): string {
  return table.namespace && table.namespace !== "public" ? `${table.namespace}.${table.name}` : table.name;
}

/** What tables and columns mean: read, edited, and suggested by a model. */
export function Descriptions({ id, table }: { id: string; table: string | null }): JSX.Element {
  const loaded = useFetched(async () => {
    const [dataset, annotations, relationships] = await Promise.all([api.dataset(id), knowledge.annotations(id), knowledge.relationships(id)]);
    return { dataset, annotations, relationships };
  }, [id]);
  const [filter, setFilter] = useState("");
  const enriching = useAction();
  const deciding = useAction();
  const found = loaded.value;
  const tables = found?.dataset.schema.tables ?? [];
  const listed = useMemo(() => matching(tables, filter), [tables, filter]);
  const open = tables.find((one) => nameOf(one) === table) ?? listed[0] ?? tables[0];

  const changed = async (): Promise<void> => {
    await loaded.reload();
    void datasetChanged(id);
  };
  if (!found) {
    return (
      <>
        <Problem what="The schema cannot be shown" problem={loaded.problem} retry={() => void loaded.reload()} />
        {!loaded.problem && <div class="skeleton is-table" role="status" aria-label="Loading the schema" />}
      </>
    );
  }
  const suggestions = found.annotations.filter((one) => one.status === "suggested");
  const suggestedIn = new Set(suggestions.map((one) => one.table));
  const described = tables.filter((one) => one.description).length;

  return (
    <>
      <div class="toolbar">
        <p class="panel-note">
          {described} of {count(tables.length, "table")} described. What you write is kept apart from the database and laid over every version of the schema.
        </p>
        <button
          type="button"
          class="button"
          data-testid="enrich"
          disabled={enriching.busy}
          title={status.value?.generator.kind === "builtin" ? "Needs a language model" : undefined}
          onClick={() => void enriching.run(async () => (await knowledge.enrich(id), changed()))}
        >
          {enriching.busy ? "A model is reading…" : "Suggest descriptions"}
        </button>
      </div>
      <Problem what="No descriptions were suggested" problem={enriching.problem} />
      <Problem what="The schema shown may be old" problem={loaded.problem} retry={() => void loaded.reload()} />
      {suggestions.length > 0 && (
        <Suggestions
          suggestions={suggestions}
          busy={deciding.busy}
          problem={deciding.problem}
          decide={(some, accept) =>
            void deciding.run(async () => {
              try {
                for (const one of some) await (accept ? knowledge.approve(id, one.annotation_id) : knowledge.turnDown(id, one.annotation_id));
              } finally {
                await changed();
              }
            })
          }
        />
      )}
      <div class="schema-page">
        <div class="table-list">
          <label class="search">
            <Icon name="search" size={14} />
            <span class="sr-only">Filter tables</span>
            <input type="search" data-testid="table-filter" placeholder="Filter tables" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
          </label>
          <ul aria-label="Tables">
            {listed.slice(0, SHOWN).map((one) => {
              const name = nameOf(one);
              return (
                <li key={name}>
                  <PageLink to={{ is: "dataset", id, tab: "schema", table: name }} current={one === open}>
                    <span class="list-title">{name}</span>
                    {suggestedIn.has(name) || suggestedIn.has(one.name) ? <span class="state" data-tone="accent" title="Suggestions wait">new</span> : one.description ? <Icon name="check" size={12} /> : null}
                  </PageLink>
                </li>
              );
            })}
          </ul>
          {listed.length > SHOWN && <p class="panel-note">{listed.length - SHOWN} more. Type to narrow them.</p>}
          {listed.length === 0 && <p class="panel-note">Nothing called “{filter}”.</p>}
        </div>
        {open && <TablePart key={nameOf(open)} id={id} table={open} tables={tables} annotations={found.annotations} relationships={found.relationships} changed={changed} />}
      </div>
    </>
  );
}

interface SuggestionProps {
  suggestions: Annotation[];
  busy: boolean;
  problem: api.ApiError | null;
  decide: (some: Annotation[], accept: boolean) => void;
}

function Suggestions({ suggestions, busy, problem, decide }: SuggestionProps): JSX.Element {
  return (
    <section class="card is-accent" aria-labelledby="suggestions-title" data-testid="suggestions">
      <div class="card-head">
        <h3 id="suggestions-title">{count(suggestions.length, "suggestion")} to look at</h3>
        <button type="button" class="button" data-testid="approve-all" disabled={busy} onClick={() => decide(suggestions, true)}>
          Approve all
        </button>
      </div>
      <p class="panel-note">By a model; none is used before somebody approves it.</p>
      <Problem what="Not all was decided" problem={problem} />
      <ul class="suggestion-list">
        {suggestions.map((one) => (
          <li key={one.annotation_id} data-testid="annotation-suggestion">
            <div>
              <code>{one.column ? `${one.table}.${one.column}` : one.table}</code>
              <p>
                {one.description}
                {one.synonyms.length > 0 && <span class="panel-note"> also {one.synonyms.join(", ")}</span>}
              </p>
            </div>
            <div class="row-actions">
              <button type="button" class="button" data-testid="approve" disabled={busy} onClick={() => decide([one], true)}>
                <Icon name="check" size={14} /> Approve
              </button>
              <button type="button" class="quiet" data-testid="reject" disabled={busy} onClick={() => decide([one], false)}>
                Reject
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface TableProps {
  id: string;
  table: Table;
  tables: Table[];
  annotations: Annotation[];
  relationships: knowledge.Relationship[];
  changed: () => Promise<void>;
}

function TablePart({ id, table, tables, annotations, relationships, changed }: TableProps): JSX.Element {
  const name = nameOf(table);
  const mine = annotations.filter((one) => one.status === "approved" && (one.table === name || one.table === table.name));
  const [editing, setEditing] = useState<string | null>(() => ["", ...table.columns.map((c) => c.name)].find((column) => hasDraft(draftName(id, name, column))) ?? null);
  const about = (column: string): Annotation | undefined => mine.find((one) => (one.column ?? "") === column);
  const editor = (column: Column | null): JSX.Element => (
    <AnnotationForm id={id} table={name} column={column} described={column ? column : table} own={about(column?.name ?? "")} close={() => setEditing(null)} changed={changed} />
  );
  return (
    <section class="card table-card" aria-labelledby="table-title" data-testid="table-card">
      <div class="card-head">
        <h3 id="table-title">
          <code>{name}</code>
        </h3>
        {table.is_view && <span class="tag">view</span>}
        {table.row_estimate != null && <span class="panel-note">about {compact(table.row_estimate)} rows</span>}
        <span class="spacer" />
        {editing !== "" && (
          <button type="button" class="quiet" data-testid="edit-table" onClick={() => setEditing("")}>
            <Icon name="pencil" size={14} /> {table.description ? "Edit" : "Describe it"}
          </button>
        )}
      </div>
      {editing === "" ? editor(null) : <Meant described={table} own={about("")} />}
      <div class="column-table" role="region" aria-label={`Columns of ${name}`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col" class="kind-head">
                Type
              </th>
              <th scope="col">Meaning</th>
              <th scope="col">
                <span class="sr-only">Edit</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {table.columns.map((column) => (
              <tr key={column.name} data-testid="column">
                <th scope="row">
                  <code>{column.name}</code>
                  {table.primary_key?.includes(column.name) && <span class="key">PK</span>}
                  {table.foreign_keys?.some((key) => key.columns.includes(column.name)) && <span class="key">FK</span>}
                  <span class="kind-under" aria-hidden="true">
                    {column.type.toLowerCase()}
                  </span>
                </th>
                <td class="column-kind">{column.type.toLowerCase()}</td>
                <td>{editing === column.name ? editor(column) : <Meant described={column} own={about(column.name)} />}</td>
                <td>
                  {editing !== column.name && (
                    <button type="button" class="icon-button is-small" data-testid="edit-column" aria-label={`Describe ${column.name}`} onClick={() => setEditing(column.name)}>
                      <Icon name="pencil" size={14} />
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Relationships id={id} table={table} tables={tables} relationships={relationships} changed={changed} show={(other) => openPage({ is: "dataset", id, tab: "schema", table: other })} />
    </section>
  );
}

/** The description in force, and whose it is. */
function Meant({ described, own }: { described: Table | Column; own: Annotation | undefined }): JSX.Element {
  const values = "values" in described && Array.isArray(described.values) ? described.values : [];
  // What is in force has the meanings of values in its words already; what was written has them apart.
  const text = own?.description || described.description;
  const meanings = (own?.meanings ?? []).filter(({ meaning }) => !text?.includes(meaning));
  return (
    <div class="meant">
      {text ? <p dir="auto">{text}</p> : <p class="panel-note">–</p>}
      {!!described.synonyms?.length && <p class="panel-note">also {described.synonyms.join(", ")}</p>}
      {meanings.length > 0 && <p class="panel-note">{meanings.map(({ value, meaning }) => `${value} = ${meaning}`).join(" · ")}</p>}
      {values.length > 0 && <p class="panel-note sample-values">{values.slice(0, 6).map(String).join(", ")}{values.length > 6 ? ", …" : ""}</p>}
      {own?.broken && <p class="inline-error">{own.broken}</p>}
    </div>
  );
}

interface Written {
  description: string;
  synonyms: string;
  meanings: string;
}

interface FormProps {
  id: string;
  table: string;
  column: Column | null;
  described: Table | Column;
  /** What was said of this place before. */
  own: Annotation | undefined;
  close: () => void;
  changed: () => Promise<void>;
}

const draftName = (id: string, table: string, column: string): string => `annotation.${id}.${table}.${column}`;

function AnnotationForm({ id, table, column, described, own, close, changed }: FormProps): JSX.Element {
  const name = draftName(id, table, column?.name ?? "");
  const [form, change, clear] = useDraft<Written>(name, {
    description: (own ? own.description : described.description) ?? "",
    synonyms: (own ? own.synonyms : (described.synonyms ?? [])).join(", "),
    meanings: (own?.meanings ?? []).map(({ value, meaning }) => `${value} = ${meaning}`).join("\n"),
  });
  const saving = useAction();
  const done = async (): Promise<void> => {
    clear();
    await changed();
    close();
  };
  const field = `meant-${column?.name ?? "table"}`;
  return (
    <form
      class="form is-inline"
      aria-label={`Describe ${column ? `${table}.${column.name}` : table}`}
      onSubmit={(event) => {
        event.preventDefault();
        void saving.run(async () => {
          await knowledge.annotate(id, saidIn(table, column?.name, form));
          await done();
        });
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        clear();
        close();
      }}
    >
      <Field id={field} label="What it means">
        <textarea id={field} data-testid="description" rows={2} maxLength={2000} autofocus value={form.description} onInput={(event) => change({ description: event.currentTarget.value })} ref={focusOnce} />
      </Field>
      <Field id={`${field}-synonyms`} label="Other words for it" note="Separated by commas.">
        <input id={`${field}-synonyms`} data-testid="synonyms" autocomplete="off" value={form.synonyms} onInput={(event) => change({ synonyms: event.currentTarget.value })} />
      </Field>
      {column && (
        <Field id={`${field}-meanings`} label="What its values mean" note="One in a line: A = active">
          <textarea id={`${field}-meanings`} rows={2} value={form.meanings} onInput={(event) => change({ meanings: event.currentTarget.value })} />
        </Field>
      )}
      <Problem what="Not saved" problem={saving.problem} />
      <div class="form-row">
        <button type="submit" class="button is-primary" data-testid="save-description" disabled={saving.busy}>
          {saving.busy ? "Saving…" : "Save"}
        </button>
        <Cancel clear={clear} close={close} />
        {own && (
          <button type="button" class="quiet" disabled={saving.busy} onClick={() => void saving.run(async () => (await knowledge.unannotate(id, own.annotation_id), done()))}>
            Take it back
          </button>
        )}
      </div>
    </form>
  );
}

let focused: HTMLElement | null = null;
function focusOnce(node: HTMLElement | null): void {
  if (node && node !== focused) node.focus();
  focused = node;
}

export function saidIn(table: string, column: string | undefined, form: Written): Said {
  const meanings = form.meanings.split("\n").map((line) => line.trim()).filter(Boolean);
  return {
    table,
    ...(column === undefined ? {} : { column }),
    description: form.description.trim(),
    synonyms: form.synonyms.split(",").map((word) => word.trim()).filter(Boolean),
    meanings: meanings.map((line) => {
      const at = line.indexOf("=");
      if (at <= 0 || !line.slice(at + 1).trim()) throw new Error(`“${line}” has no meaning. Write it as A = active.`);
      return { value: line.slice(0, at).trim(), meaning: line.slice(at + 1).trim() };
    }),
  };
}

function matching(tables: Table[], filter: string): Table[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return tables;
  return tables.filter((table) => {
    const text = `${nameOf(table)} ${table.description ?? ""} ${table.columns.map((c) => c.name).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
