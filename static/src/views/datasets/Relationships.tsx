import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Table } from "../../core/api";
import * as knowledge from "../../core/knowledge";
import type { RelationshipKind } from "../../core/knowledge";
import { nameOf } from "./Descriptions";
import { useDraft } from "./draft";
import { useAction } from "./fetched";
import { Cancel, Choice } from "./fields";
import { Problem } from "./Problem";

const KINDS = [
  ["many_to_one", "many to one"],
  ["one_to_many", "one to many"],
  ["one_to_one", "one to one"],
  ["many_to_many", "many to many"],
] as const;

interface Props {
  id: string;
  table: Table;
  tables: Table[];
  relationships: knowledge.Relationship[];
  changed: () => Promise<void>;
  show: (table: string) => void;
}

interface Form {
  column: string;
  other: string;
  otherColumn: string;
  kind: string;
}

/** How a table joins others: by the database's own keys, and by what experts declared. */
export function Relationships({ id, table, tables, relationships, changed, show }: Props): JSX.Element {
  const name = nameOf(table);
  const isMine = (other: string): boolean => other === name || other === table.name;
  const declared = relationships.filter((one) => isMine(one.from_table) || isMine(one.to_table));
  // Declared joins are laid over the schema as foreign keys: shown once.
  const isDeclared = (columns: string[], other: string): boolean => declared.some((one) => isMine(one.from_table) && one.to_table === other && one.from_columns.join() === columns.join());
  const out = (table.foreign_keys ?? []).filter((key) => !isDeclared(key.columns, key.ref_table));
  const into = tables.flatMap((other) =>
    (other.foreign_keys ?? [])
      .filter((key) => isMine(key.ref_table) && !declared.some((one) => one.from_table === nameOf(other) && one.from_columns.join() === key.columns.join()))
      .map((key) => ({ other, key })),
  );
  const [adding, setAdding] = useState(false);
  const removing = useAction();
  const first = tables.find((one) => one !== table) ?? table;
  return (
    <div class="joins">
      <div class="card-head">
        <h4>Joins</h4>
        {!adding && (
          <button type="button" class="quiet" data-testid="add-join" onClick={() => setAdding(true)}>
            Declare a join
          </button>
        )}
      </div>
      <ul class="join-list">
        {out.map((key) => (
          <li key={`out-${key.columns.join()}-${key.ref_table}`}>
            <code>{key.columns.join(", ")}</code> → <TableName name={key.ref_table} show={show} />
            {!!key.ref_columns?.length && <code>.{key.ref_columns.join(", ")}</code>}
            <span class="panel-note"> foreign key</span>
          </li>
        ))}
        {into.map(({ other, key }) => (
          <li key={`in-${nameOf(other)}-${key.columns.join()}`}>
            <TableName name={nameOf(other)} show={show} />
            <code>.{key.columns.join(", ")}</code> → <code>{key.ref_columns?.join(", ") || table.primary_key?.join(", ") || name}</code>
            <span class="panel-note"> foreign key</span>
          </li>
        ))}
        {declared.map((one) => (
          <li key={one.relationship_id} data-testid="declared-join">
            <code>
              {one.from_table}.{one.from_columns.join(", ")}
            </code>{" "}
            →{" "}
            <code>
              {one.to_table}.{one.to_columns.join(", ")}
            </code>
            <span class="panel-note">
              {" "}
              {one.kind.replaceAll("_", " ")}, declared by {one.author}
            </span>{" "}
            <button type="button" class="quiet" disabled={removing.busy} aria-label={`Remove the join of ${one.from_table} and ${one.to_table}`} onClick={() => void removing.run(async () => (await knowledge.unrelate(id, one.relationship_id), changed()))}>
              Remove
            </button>
            {one.broken && <p class="inline-error">{one.broken}</p>}
          </li>
        ))}
        {!out.length && !into.length && !declared.length && <li class="panel-note">None is known. Without one, its rows cannot be brought together with others.</li>}
      </ul>
      <Problem what="The join was not removed" problem={removing.problem} />
      {adding && <JoinForm id={id} table={table} tables={tables} first={first} changed={changed} close={() => setAdding(false)} />}
    </div>
  );
}

function TableName({ name, show }: { name: string; show: (table: string) => void }): JSX.Element {
  return (
    <button type="button" class="link-button is-code" onClick={() => show(name)}>
      {name}
    </button>
  );
}

function JoinForm({ id, table, tables, first, changed, close }: { id: string; table: Table; tables: Table[]; first: Table; changed: () => Promise<void>; close: () => void }): JSX.Element {
  const name = nameOf(table);
  const [form, change, clear] = useDraft<Form>(`join.${id}.${name}`, { column: table.columns[0]?.name ?? "", other: nameOf(first), otherColumn: first.primary_key?.[0] ?? first.columns[0]?.name ?? "", kind: "many_to_one" });
  const saving = useAction();
  const other = tables.find((one) => nameOf(one) === form.other) ?? first;
  const columns = (of: Table): [string, string][] => of.columns.map((column) => [column.name, column.name]);
  return (
    <form
      class="form is-inline"
      aria-label="Declare a join"
      onSubmit={(event) => {
        event.preventDefault();
        void saving.run(async () => {
          await knowledge.relate(id, { from_table: name, from_columns: [form.column], to_table: form.other, to_columns: [form.otherColumn], kind: form.kind as RelationshipKind });
          clear();
          await changed();
          close();
        });
      }}
    >
      <div class="field-row">
        <Choice id="join-column" label={`Column of ${name}`} value={form.column} options={columns(table)} onChange={(column) => change({ column })} />
        <Choice id="join-kind" label="Rows" value={form.kind} options={KINDS} onChange={(kind) => change({ kind })} />
        <Choice
          id="join-other"
          label="Other table"
          value={form.other}
          options={tables.map((one) => [nameOf(one), nameOf(one)] as const)}
          onChange={(to) => {
            const next = tables.find((one) => nameOf(one) === to);
            change({ other: to, otherColumn: next?.primary_key?.[0] ?? next?.columns[0]?.name ?? "" });
          }}
        />
        <Choice id="join-other-column" label="Its column" value={form.otherColumn} options={columns(other)} onChange={(otherColumn) => change({ otherColumn })} />
      </div>
      <Problem what="The join was not declared" problem={saving.problem} />
      <div class="form-row">
        <button type="submit" class="button is-primary" data-testid="save-join" disabled={saving.busy}>
          Declare it
        </button>
        <Cancel clear={clear} close={close} />
      </div>
    </form>
  );
}
