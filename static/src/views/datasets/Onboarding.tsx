import { signal } from "@preact/signals";
import type { JSX } from "preact";
import * as knowledge from "../../core/knowledge";
import { chooseDataset, datasetChanged, openPage } from "../../core/workspace";
import { useDraft } from "./draft";
import { useAction } from "./fetched";
import { Choice, Field } from "./fields";
import { Problem } from "./Problem";
import { schemaJson, SchemaSource, type Source } from "./SchemaSource";

/** What was made last, for the page that is opened then. */
export const justMade = signal<knowledge.Created | null>(null);

export const SQL_DIALECTS = [
  ["postgres", "PostgreSQL"],
  ["mysql", "MySQL, MariaDB"],
  ["sqlite", "SQLite"],
  ["duckdb", "DuckDB"],
] as const;

const KINDS = [
  ["postgres", "PostgreSQL"],
  ["mysql", "MySQL, MariaDB"],
  ["sqlite", "SQLite file"],
  ["duckdb", "DuckDB file"],
  ["kdb", "kdb+"],
] as const;

const PORTS: Record<string, string> = { postgres: "5432", mysql: "3306", kdb: "5000" };

interface Form {
  name: string;
  description: string;
  questions: string;
  from: "ddl" | "json" | "connection";
  dialect: string;
  ddl: Source;
  json: Source;
  kind: string;
  path: string;
  host: string;
  port: string;
  socket: string;
  database: string;
  user: string;
  passwordFile: string;
  tls: string;
  mayWrite: boolean;
}

const BLANK: Form = {
  name: "",
  description: "",
  questions: "",
  from: "ddl",
  dialect: "postgres",
  ddl: { text: "", file: "" },
  json: { text: "", file: "" },
  kind: "postgres",
  path: "",
  host: "",
  port: "",
  socket: "",
  database: "",
  user: "",
  passwordFile: "",
  tls: "prefer",
  mayWrite: false,
};

/** A dataset from DDL, from JSON, or from a database. */
export function Onboarding(): JSX.Element {
  const [form, change, clear] = useDraft<Form>("onboarding", BLANK);
  const saving = useAction();

  const save = (): Promise<boolean> =>
    saving.run(async () => {
      const made = await knowledge.create(asked(form));
      justMade.value = made;
      clear();
      chooseDataset(made.dataset_id);
      await datasetChanged(made.dataset_id);
      openPage({ is: "dataset", id: made.dataset_id, tab: "overview" });
    });

  return (
    <form
      class="form card"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field id="dataset-name" label="Name">
        <input id="dataset-name" data-testid="dataset-name" required maxLength={120} autocomplete="off" value={form.name} onInput={(event) => change({ name: event.currentTarget.value })} />
      </Field>
      <Field id="dataset-description" label="What is it about?" note="Helps to choose it when a question names no dataset.">
        <input id="dataset-description" autocomplete="off" maxLength={4000} value={form.description} onInput={(event) => change({ description: event.currentTarget.value })} />
      </Field>
      <fieldset class="field">
        <legend>Its schema comes from</legend>
        <div class="segmented">
          {(
            [
              ["ddl", "DDL"],
              ["json", "JSON"],
              ["connection", "A database"],
            ] as const
          ).map(([value, words]) => (
            <button type="button" key={value} aria-pressed={form.from === value} data-testid={`from-${value}`} onClick={() => change({ from: value })}>
              {words}
            </button>
          ))}
        </div>
      </fieldset>

      {form.from !== "connection" && (
        <>
          <p class="panel-note">There is no database behind it: questions are answered with a query that was checked against the schema and not run.</p>
          <Choice id="dialect" label="Dialect" value={form.dialect} options={SQL_DIALECTS} onChange={(dialect) => change({ dialect })} />
        </>
      )}
      {form.from === "ddl" && (
        <SchemaSource id="ddl" label="CREATE TABLE statements, or a whole dump" accept=".sql,.ddl,.txt,text/plain" placeholder={"create table customers (\n  id integer primary key,\n  name text not null\n);"} source={form.ddl} change={(ddl) => change({ ddl })} />
      )}
      {form.from === "json" && (
        <SchemaSource
          id="schema-json"
          label="The schema as JSON"
          accept=".json,application/json"
          placeholder={'{"tables": [\n  {"name": "customers", "primary_key": ["id"],\n   "columns": [{"name": "id", "type": "integer"}, {"name": "name", "type": "text"}]}\n]}'}
          source={form.json}
          change={(json) => change({ json })}
        />
      )}
      {form.from === "connection" && <ConnectionFields form={form} change={change} />}

      <Field id="dataset-questions" label="Questions to begin with" note="One in a line; at most 20.">
        <textarea id="dataset-questions" rows={3} value={form.questions} onInput={(event) => change({ questions: event.currentTarget.value })} />
      </Field>

      <Problem what="The dataset was not made" problem={saving.problem} />
      <div class="form-row">
        <button type="submit" class="button is-primary" data-testid="create-dataset" disabled={saving.busy}>
          {saving.busy ? (form.from === "connection" ? "Reading the database…" : "Reading the schema…") : "Make the dataset"}
        </button>
        <button type="button" class="quiet" disabled={saving.busy} onClick={clear}>
          Clear the form
        </button>
      </div>
    </form>
  );
}

function ConnectionFields({ form, change }: { form: Form; change: (part: Partial<Form>) => void }): JSX.Element {
  const isFile = form.kind === "sqlite" || form.kind === "duckdb";
  const text = (id: string, label: string, member: "path" | "host" | "port" | "socket" | "database" | "user" | "passwordFile", rest: { placeholder?: string; note?: string; required?: boolean; numeric?: boolean } = {}): JSX.Element => (
    <Field id={id} label={label} note={rest.note}>
      <input id={id} data-testid={id} autocomplete="off" spellcheck={false} placeholder={rest.placeholder} required={rest.required} inputMode={rest.numeric ? "numeric" : undefined} value={form[member]} onInput={(event) => change({ [member]: event.currentTarget.value })} />
    </Field>
  );
  return (
    <>
      <Choice id="connection-kind" label="Kind" value={form.kind} options={KINDS} onChange={(kind) => change({ kind })} />
      {isFile ? (
        text("connection-path", "Path on the server", "path", { placeholder: "/data/shop.sqlite", required: true, note: "Opened read-only." })
      ) : (
        <>
          <div class="field-pair">
            {text("connection-host", "Host", "host", { placeholder: "this machine" })}
            {text("connection-port", "Port", "port", { placeholder: PORTS[form.kind] ?? "", numeric: true })}
          </div>
          {form.kind !== "kdb" && text("connection-socket", "Unix socket, instead of host and port", "socket", { placeholder: form.kind === "mysql" ? "/run/mysqld/mysqld.sock" : "/run/postgresql" })}
          {form.kind !== "kdb" && text("connection-database", "Database", "database", { required: true })}
          <div class="field-pair">
            {text("connection-user", "User", "user")}
            {text("connection-password", "File with the password", "passwordFile", { placeholder: "/run/secrets/shop", note: "On the server; the password itself is not kept here." })}
          </div>
          <Choice
            id="connection-tls"
            label="TLS"
            value={form.tls}
            options={[
              ["prefer", "Where the server has it"],
              ["require", "Always"],
              ["verify", "Always, and the certificate fits the host"],
              ["off", "Never"],
            ]}
            onChange={(tls) => change({ tls })}
          />
          <label class="check">
            <input type="checkbox" checked={form.mayWrite} onChange={(event) => change({ mayWrite: event.currentTarget.checked })} />
            <span>
              The account may have rights to write
              <span class="panel-note"> Without this, an account that can do more than read is refused. An account with SELECT alone is better.</span>
            </span>
          </label>
        </>
      )}
    </>
  );
}

function asked(form: Form): knowledge.NewDataset {
  const questions = form.questions.split("\n").map((line) => line.trim()).filter(Boolean);
  const about = { name: form.name.trim(), description: form.description.trim(), questions };
  if (form.from === "ddl") return { ...about, dialect: form.dialect, ddl: form.ddl.text };
  if (form.from === "json") return { ...about, dialect: form.dialect, schema: schemaJson(form.json.text) };
  return { ...about, connection: connectionOf(form) };
}

/** Only what was filled in: an empty member would be taken at its word. */
export function connectionOf(form: Form): knowledge.Connection {
  if (form.kind === "sqlite" || form.kind === "duckdb") return { kind: form.kind, path: form.path.trim() };
  const port = Number(form.port.trim());
  if (form.port.trim() && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error("A port is a number from 1 to 65535. Correct it, or leave it empty.");
  const filled = Object.entries({ host: form.host, socket: form.kind === "kdb" ? "" : form.socket, database: form.kind === "kdb" ? "" : form.database, user: form.user, password_file: form.passwordFile })
    .map(([member, value]) => [member, value.trim()] as const)
    .filter(([, value]) => value);
  return { kind: form.kind, ...Object.fromEntries(filled), ...(port ? { port } : {}), tls: form.tls, ...(form.mayWrite ? { may_write: true } : {}) };
}
