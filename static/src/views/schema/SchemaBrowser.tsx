import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Column, Table } from "../../core/api";
import { addressOf, type Page } from "../../core/page";
import { dataset, datasetId, openPage, reloadSchema, schema } from "../../core/workspace";
import { insertIntoQuestion } from "../chat/question";
import { compact } from "../chat/words";
import { plainClick } from "../shell/clicks";
import { Icon } from "../shell/icons";
import { closeFloating, schemaFloats, toggleSchema } from "../shell/panels";

/** Tables shown before a filter narrows them; a schema of thousands must not stall the page. */
const SHOWN = 300;

interface Match {
  table: Table;
  columns: Column[];
}

export function SchemaBrowser(): JSX.Element {
  const [filter, setFilter] = useState("");
  const loaded = schema.value;
  const tables = loaded?.schema.tables ?? [];
  const matches = useMemo(() => matching(tables, filter), [tables, filter]);
  const shown = matches.slice(0, SHOWN);
  const describing: Page | null = loaded ? { is: "dataset", id: loaded.dataset_id, tab: "schema" } : null;

  return (
    <aside class="schema" id="schema-browser" data-testid="schema-browser" aria-label="Schema">
      <div class="schema-head">
        <h2>{dataset.value?.name ?? "Schema"}</h2>
        {loaded && (
          <span class="panel-note">
            {loaded.dialect} · v{loaded.version}
          </span>
        )}
        {describing && (
          <a class="icon-button is-small" data-testid="describe-schema" aria-label="Describe tables and columns" href={addressOf(describing)} onClick={(event) => plainClick(event, () => openPage(describing))}>
            <Icon name="pencil" size={14} />
          </a>
        )}
        {schemaFloats.value && (
          <button type="button" class="icon-button is-small" aria-label="Close the schema" onClick={toggleSchema}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <label class="search">
        <Icon name="search" size={14} />
        <span class="sr-only">Filter tables and columns</span>
        <input id="schema-filter" type="search" data-testid="schema-filter" placeholder="Filter tables and columns" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
      </label>
      <div class="schema-body">
        {!datasetId.value && <p class="list-note">The dataset is chosen from your question. Pick one below the question to browse it.</p>}
        {!loaded && datasetId.value && (
          <p class="list-note">
            Loading the schema…{" "}
            <button type="button" class="link-button" onClick={reloadSchema}>
              Try again
            </button>
          </p>
        )}
        {loaded && matches.length === 0 && <p class="list-note">Nothing called “{filter}”.</p>}
        <ul class="tables">
          {shown.map(({ table, columns }) => (
            <TableEntry key={`${table.namespace ?? ""}.${table.name}`} table={table} columns={columns} filter={filter} />
          ))}
        </ul>
        {matches.length > shown.length && <p class="list-note">{matches.length - shown.length} more. Type to narrow them.</p>}
      </div>
    </aside>
  );
}

function TableEntry({ table, columns, filter }: { table: Table; columns: Column[]; filter: string }): JSX.Element {
  const [opened, setOpened] = useState(false);
  // A filter that found a column shows it.
  const isOpen = opened || (filter !== "" && columns.length < table.columns.length);
  const id = `schema-${table.namespace ?? ""}-${table.name}`;
  const listed = isOpen ? columns : [];
  return (
    <li class="table-entry">
      <div class="table-row">
        <button type="button" class="fold" aria-expanded={isOpen} aria-controls={id} aria-label={`Columns of ${table.name}`} onClick={() => setOpened(!isOpen)}>
          <Icon name="chevron" size={12} />
        </button>
        <button type="button" class="name" title={table.description ?? `Insert ${table.name} into the question`} onClick={() => insert(table.name)}>
          {table.namespace && table.namespace !== "public" && <span class="namespace">{table.namespace}.</span>}
          {table.name}
        </button>
        {table.is_view && <span class="tag">view</span>}
        <span class="facts" title={table.row_estimate != null ? `About ${table.row_estimate} rows` : undefined}>
          {table.row_estimate != null ? compact(table.row_estimate) : `${table.columns.length} col`}
        </span>
      </div>
      <div id={id} hidden={!isOpen}>
        {isOpen && table.description && <p class="table-about">{table.description}</p>}
        <ul class="columns">
          {listed.map((column) => (
            <ColumnEntry key={column.name} table={table} column={column} />
          ))}
        </ul>
      </div>
    </li>
  );
}

function ColumnEntry({ table, column }: { table: Table; column: Column }): JSX.Element {
  const isKey = table.primary_key?.includes(column.name) ?? false;
  const reference = table.foreign_keys?.find((f) => f.columns.includes(column.name));
  const refColumn = reference?.ref_columns?.[reference.columns.indexOf(column.name)];
  const target = reference && (refColumn ? `${reference.ref_table}.${refColumn}` : reference.ref_table);
  const about = [
    target && `→ ${target}`,
    column.description,
    column.synonyms?.length && `also ${column.synonyms.join(", ")}`,
    column.range && `${column.range[0]} … ${column.range[1]}`,
  ].filter(Boolean);
  return (
    <li class="column-entry">
      <button type="button" class="column-row" title={column.description ?? `Insert ${column.name} into the question`} onClick={() => insert(column.name)}>
        <span class="column-name">{column.name}</span>
        {isKey && (
          <abbr class="key" title="Primary key">
            PK
          </abbr>
        )}
        {target && (
          <abbr class="key" title={`References ${target}`}>
            FK
          </abbr>
        )}
        <span class="column-type">
          {column.type.toLowerCase()}
          {column.nullable !== false && !isKey && <span title="May be NULL">?</span>}
        </span>
      </button>
      {about.length > 0 && <p class="column-about">{about.join(" · ")}</p>}
      {!!column.values?.length && (
        <ul class="values" aria-label={`Values of ${column.name}`}>
          {column.values.slice(0, 12).map((value) => (
            <li key={String(value)}>
              <button type="button" onClick={() => insert(String(value))}>
                {String(value)}
              </button>
            </li>
          ))}
          {column.values.length > 12 && <li class="panel-note">+{column.values.length - 12}</li>}
        </ul>
      )}
    </li>
  );
}

function insert(name: string): void {
  insertIntoQuestion(name);
  closeFloating();
}

/** Every word of the filter is in the table's name, or in the name of one of its columns. */
function matching(tables: Table[], filter: string): Match[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return tables.map((table) => ({ table, columns: table.columns }));
  return tables.flatMap((table) => {
    const name = `${table.namespace ?? ""}.${table.name}`.toLowerCase();
    const left = words.filter((word) => !name.includes(word));
    if (!left.length) return [{ table, columns: table.columns }];
    const columns = table.columns.filter((c) => left.every((word) => c.name.toLowerCase().includes(word)));
    return columns.length ? [{ table, columns }] : [];
  });
}
