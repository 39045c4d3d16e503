/** What is known about a dataset, over REST: made, refreshed, described, taught. Fetched with the pages that need it. */
import { get, queryString, send, type Finding } from "./api";
import type { Cell, ResultColumn } from "./wire";

/** Reading a database, asking a model to describe it, running an example. */
const SLOW_MS = 150_000;

const of = (id: string, ...rest: string[]): string => ["/schemas", encodeURIComponent(id), ...rest.map(encodeURIComponent)].join("/");

// --- datasets -----------------------------------------------------------------------------------------------------

export interface NewDataset {
  name: string;
  description?: string;
  dialect?: string;
  ddl?: string;
  schema?: unknown;
  connection?: Connection;
  questions?: string[];
}

export type Connection = { kind: string } & Record<string, string | number | boolean>;

export interface Created {
  dataset_id: string;
  name: string;
  table_count: number;
  column_count: number;
  /** What of the schema could not be used, a sentence each. */
  notes: string[];
}

export interface Change {
  what: "table_added" | "table_removed" | "table_renamed" | "column_added" | "column_removed" | "column_renamed" | "type_changed";
  table: string;
  column?: string;
  /** The new name or type. */
  now?: string;
}

export interface Broken {
  kind: "example" | "directive" | "annotation" | "relationship";
  id: string;
  title: string;
  findings: Finding[];
  /** A rewrite that was proven to read what the old one read. */
  proposal?: string;
}

export interface Report {
  previous_version: number;
  version: number;
  changes: Change[];
  broken: Broken[];
  checked: number;
}

export interface Refreshed {
  version: number;
  report?: Report;
  notes?: string[];
}

export const create = (dataset: NewDataset): Promise<Created> => send("POST", "/schemas", dataset, SLOW_MS);
export const remove = (id: string): Promise<void> => send("DELETE", of(id));
export const refresh = (id: string, reading: { ddl?: string; schema?: unknown }): Promise<Refreshed> => send("POST", of(id, "refresh"), reading, SLOW_MS);
export const report = (id: string): Promise<Report | null> => get(of(id, "report"));

// --- descriptions and joins ---------------------------------------------------------------------------------------

export interface Meaning {
  value: string;
  meaning: string;
}

export interface Said {
  table: string;
  column?: string;
  description: string;
  synonyms: string[];
  meanings: Meaning[];
}

export interface Annotation extends Said {
  annotation_id: string;
  status: "suggested" | "approved" | "rejected";
  author: string;
  /** `expert`, or the model that suggested it. */
  source: string;
  /** Why it no longer fits the schema. */
  broken?: string;
  updated_at: string;
}

export type RelationshipKind = "one_to_one" | "one_to_many" | "many_to_one" | "many_to_many";

export interface NewRelationship {
  from_table: string;
  from_columns: string[];
  to_table: string;
  to_columns: string[];
  kind: RelationshipKind;
  note?: string;
}

export interface Relationship extends NewRelationship {
  relationship_id: string;
  author: string;
  broken?: string;
}

interface Items<T> {
  items: T[];
}

export const annotations = async (id: string): Promise<Annotation[]> => (await get<Items<Annotation>>(of(id, "annotations"))).items;
export const annotate = (id: string, said: Said): Promise<Annotation> => send("PUT", of(id, "annotations"), said);
export const unannotate = (id: string, annotation: string): Promise<void> => send("DELETE", of(id, "annotations", annotation));
export const approve = (id: string, annotation: string): Promise<Annotation> => send("POST", of(id, "annotations", annotation, "approve"));
export const turnDown = (id: string, annotation: string): Promise<void> => send("POST", of(id, "annotations", annotation, "reject"));
export const enrich = async (id: string): Promise<Annotation[]> => (await send<Items<Annotation>>("POST", of(id, "enrich"), undefined, SLOW_MS)).items;

export const relationships = async (id: string): Promise<Relationship[]> => (await get<Items<Relationship>>(of(id, "relationships"))).items;
export const relate = (id: string, relationship: NewRelationship): Promise<Relationship> => send("POST", of(id, "relationships"), relationship);
export const unrelate = (id: string, relationship: string): Promise<void> => send("DELETE", of(id, "relationships", relationship));

// --- the glossary -------------------------------------------------------------------------------------------------

export interface NewDirective {
  key: string;
  value: string;
  context: string;
}

export interface Directive extends NewDirective {
  directive_id: string;
  author: string;
  /** What it does to a query, a sentence. */
  effect?: string;
  broken?: string;
  updated_at: string;
}

export const directives = async (id: string): Promise<Directive[]> => (await get<Items<Directive>>(of(id, "directives"))).items;
export const addDirective = (id: string, directive: NewDirective): Promise<Directive> => send("POST", of(id, "directives"), directive);
export const changeDirective = (id: string, directive: string, to: NewDirective): Promise<Directive> => send("PUT", of(id, "directives", directive), to);
export const removeDirective = (id: string, directive: string): Promise<void> => send("DELETE", of(id, "directives", directive));

// --- examples -----------------------------------------------------------------------------------------------------

export type Trust = "staged" | "verified" | "negative";

export const TAGS = ["category", "complexity", "business_rule", "department", "frequency"] as const;
export type TagName = (typeof TAGS)[number];

export interface ExampleDraft {
  question: string;
  query: string;
  variants: string[];
  tags: Partial<Record<TagName, string>>;
  note: string;
  negative?: boolean;
}

export interface Example extends Omit<ExampleDraft, "negative"> {
  example_id: string;
  kind: "sql" | "q" | "pipeline";
  trust: Trust;
  provenance: { source: "written" | "feedback" | "correction" | "import" | "generated" | "review"; turn_id?: string; by: string };
  /** Tables that the query reads. */
  reads: string[];
  executed_at?: string;
  row_count?: number;
  verified_at?: string;
  verified_by?: string;
  /** Why the query does not fit the newest schema. */
  broken?: Finding[];
  created_at: string;
  updated_at: string;
}

export interface ExampleFilter {
  trust?: Trust;
  tag?: string;
  text?: string;
  broken?: boolean;
  offset?: number;
  limit?: number;
}

export interface ExamplePage {
  items: Example[];
  total: number;
  next_offset?: number;
}

export interface Ran {
  columns: ResultColumn[];
  rows: Cell[][];
  row_count: number;
  truncated: boolean;
  elapsed_ms: number;
  example: Example;
}

export interface Imported {
  added: number;
  known: number;
  errors: { item: number; line?: number; message: string; findings?: Finding[] }[];
}

export const examples = (id: string, filter: ExampleFilter): Promise<ExamplePage> => get(of(id, "examples") + queryString({ ...filter, broken: filter.broken || undefined }));
export const example = (id: string, example: string): Promise<Example> => get(of(id, "examples", example));
export const addExample = (id: string, draft: ExampleDraft): Promise<Example> => send("POST", of(id, "examples"), draft);
export const changeExample = (id: string, example: string, draft: ExampleDraft): Promise<Example> => send("PUT", of(id, "examples", example), draft);
export const removeExample = (id: string, example: string): Promise<void> => send("DELETE", of(id, "examples", example));
export const runExample = (id: string, example: string): Promise<Ran> => send("POST", of(id, "examples", example, "run"), undefined, SLOW_MS);
export const verifyExample = (id: string, example: string): Promise<Example> => send("POST", of(id, "examples", example, "verify"), undefined, SLOW_MS);
export const rejectExample = (id: string, example: string, note: string): Promise<Example> => send("POST", of(id, "examples", example, "reject"), note ? { note } : {});
export const importExamples = (id: string, text: string, format: "jsonl" | "markdown"): Promise<Imported> => send("POST", of(id, "examples", "import"), { text, format }, SLOW_MS);

/** What is sent of an example when only some of it changes. */
export function draftOf(example: Example): ExampleDraft {
  const { question, query, variants, tags, note } = example;
  return { question, query, variants, tags, note };
}

// --- how it does --------------------------------------------------------------------------------------------------

export interface Stats {
  examples: { total: number; verified: number; staged: number; negative: number; broken: number };
  /** Of the last 30 days. */
  questions: { questions: number; good: number; failed: number; trusted: number; thumbs_up: number; thumbs_down: number; average_confidence: number | null };
  success_rate?: number;
  coverage: { tables: number; tables_with_examples: number; tables_described: number; columns: number; columns_described: number };
  /** The oldest day first; days without questions are left out. */
  trend: { day: string; questions: number; good: number; average_confidence: number | null }[];
  categories: { category: string; questions: number }[];
}

export interface Quality {
  goal: number;
  /** The oldest week first; weeks without questions are left out. */
  weeks: { week: string; questions: number; good: number; thumbs_up: number; thumbs_down: number; average_confidence: number | null; success_rate: number; below_goal: boolean }[];
}

export const stats = (id: string): Promise<Stats> => get(of(id, "stats"));
export const quality = (id: string, weeks: number): Promise<Quality> => get(of(id, "quality") + queryString({ weeks }));
