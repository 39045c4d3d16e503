/** The REST side of the server. Every request of the app is a function here; a refusal becomes an `ApiError`. */
import type { Cell, ChartHint, ExampleUse, Generator, Interrupt, ResultColumn } from "./wire";

const ROOT = "/api/v1";
const DEADLINE_MS = 30_000;
/** A query someone runs by hand may take as long as the server lets it. */
const EXECUTE_DEADLINE_MS = 150_000;

export interface Status {
  version: string;
  generator: Generator & { provider?: string };
  datasets: number;
  limits: Record<string, unknown>;
}

export interface DatasetSummary {
  dataset_id: string;
  name: string;
  dialect: string;
  description?: string | null;
  origin?: "sample" | "ddl" | "json" | "connection";
  /** Queries can run; otherwise they are checked only. */
  live?: boolean;
  /** Of the snapshot in force. */
  version?: number;
  /** Why it cannot be asked just now. */
  problem?: string;
  example_count?: number;
  /** Absent while its database cannot be reached and was never read. */
  table_count?: number;
  column_count?: number;
  questions?: string[];
}

export interface Column {
  name: string;
  type: string;
  /** Absent means yes. */
  nullable?: boolean;
  default?: string | null;
  description?: string | null;
  synonyms?: string[];
  values?: unknown[] | null;
  values_complete?: boolean;
  /** Smallest and largest value, of numbers and dates. */
  range?: [string, string] | null;
}

export interface ForeignKey {
  columns: string[];
  ref_table: string;
  /** Empty means the other table's primary key. */
  ref_columns?: string[];
}

export interface Table {
  name: string;
  namespace?: string | null;
  is_view?: boolean;
  columns: Column[];
  primary_key?: string[];
  foreign_keys?: ForeignKey[];
  description?: string | null;
  synonyms?: string[];
  row_estimate?: number | null;
}

export interface Dataset {
  dataset_id: string;
  name: string;
  dialect: string;
  version: number | string;
  description?: string;
  origin?: "sample" | "ddl" | "json" | "connection";
  live?: boolean;
  /** Why the account of its connection could change something; empty: it can only read. Absent: not known. */
  can_write?: string[];
  schema: { tables: Table[] };
}

export interface ConversationSummary {
  conversation_id: string;
  title: string | null;
  dataset_id: string | null;
  created_at: string;
  updated_at: string;
  running?: boolean;
}

export interface TurnRecord {
  turn_id: string;
  question: string | null;
  status: "running" | "succeeded" | "failed" | "cancelled" | "interrupted";
  stages?: { name: string; attempt?: number; ms?: number | null; finding?: string | null }[] | null;
  query?: string | null;
  dialect?: string | null;
  explanation?: string | null;
  confidence?: number | null;
  trust?: "verified" | "unverified" | null;
  attempts?: number | null;
  generator?: Generator | null;
  answer?: string | null;
  result_id?: string | null;
  row_count?: number | null;
  truncated?: boolean | null;
  interrupt?: Interrupt | Interrupt[] | null;
  error?: { code: string; message: string; stage?: string | null; retryable?: boolean } | null;
  trace_id?: string | null;
  suggestions?: string[] | null;
  feedback?: { rating?: string } | string | null;
  started_at?: string;
  finished_at?: string | null;
  kind?: "query" | "schema" | "greeting" | "cannot" | null;
  example?: ExampleUse | null;
  dataset?: { id: string; name: string } | null;
}

export interface ConversationDetail extends ConversationSummary {
  turns: TurnRecord[];
}

export interface ResultPage {
  columns: ResultColumn[];
  rows: Cell[][];
  /** Absent on the last page. */
  next_cursor?: number | string | null;
  row_count: number;
  truncated: boolean;
  elapsed_ms?: number;
  chart?: ChartHint | null;
}

export interface Executed {
  result_id: string;
  columns: ResultColumn[];
  rows: Cell[][];
  row_count: number;
  truncated: boolean;
  elapsed_ms: number;
  chart?: ChartHint | null;
}

/** Something wrong with a query, where it is. `line` and `column` count from 1; 0 is no position. */
export interface Finding {
  code: string;
  message: string;
  line?: number | null;
  column?: number | null;
  suggestion?: string | null;
}

/** What became of feedback. */
export interface Learnt {
  /** It is a verified example now. */
  verified_example?: string;
  /** The corrected query waits there to be executed and verified. */
  staged_example?: string;
  /** It waits for an expert. */
  review?: string;
}

export interface Feedback {
  rating: "up" | "down";
  category?: string;
  text?: string;
  correction?: string;
}

export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when the server was not reached. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: { findings?: Finding[]; stage?: string; reason?: string } = {},
    readonly traceId: string | null = null,
  ) {
    super(message);
  }
}

export type UsageBy = "day" | "model" | "user" | "task";

export interface UsageRow {
  key: string;
  calls: number;
  failed: number;
  dropped: number;
  remembered: number;
  input_tokens: number;
  cached_input_tokens: number;
  output_tokens: number;
  cost_usd: number;
  unpriced: number;
  first_token_ms_p95?: number;
}

export interface Spent {
  used: number;
  reserved: number;
  limit?: number;
}

export interface UsageReport {
  by: UsageBy;
  days: number;
  /** The newest day first; else the dearest. */
  rows: UsageRow[];
  today: { workspace?: Spent; user: Spent; resets_at: string };
}

export interface ReliabilityBin {
  answers: number;
  confidence: number;
  right: number;
}

export interface Reliability {
  answers: number;
  calibration_error?: number;
  bins: ReliabilityBin[];
}

export interface ReliabilityReport {
  shown: Reliability;
  now: Reliability;
}

export const usage = (by: UsageBy, days: number): Promise<UsageReport> => get(`/usage${queryString({ by, days })}`);
export const reliability = (): Promise<ReliabilityReport> => get("/usage/reliability");

export const status = (): Promise<Status> => get("/status");
export const datasets = async (): Promise<DatasetSummary[]> => (await get<{ items: DatasetSummary[] }>("/schemas")).items;
export const dataset = (id: string): Promise<Dataset> => get(`/schemas/${encodeURIComponent(id)}`);

export function conversations(query: { search?: string; limit?: number; before?: string }): Promise<{ items: ConversationSummary[]; next: string | null }> {
  return get(`/conversations${queryString(query)}`);
}
export const conversation = (id: string): Promise<ConversationDetail> => get(`/conversations/${encodeURIComponent(id)}`);
export const rename = (id: string, title: string): Promise<ConversationSummary> =>
  send("PATCH", `/conversations/${encodeURIComponent(id)}`, { title });
export const remove = (id: string): Promise<void> => send("DELETE", `/conversations/${encodeURIComponent(id)}`);

export const feedback = (conversationId: string, turnId: string, body: Feedback): Promise<{ learnt?: Learnt }> =>
  send("POST", `/conversations/${encodeURIComponent(conversationId)}/turns/${encodeURIComponent(turnId)}/feedback`, body);

export const resultPage = (id: string, cursor: number | string | null, limit: number): Promise<ResultPage> =>
  get(`/results/${encodeURIComponent(id)}${queryString({ cursor: cursor ?? undefined, limit })}`);
export const fileUrl = (resultId: string, ending: "csv" | "xlsx" | "parquet"): string =>
  `${ROOT}/results/${encodeURIComponent(resultId)}.${ending}`;

export interface StarterKit {
  /** Whether there are too few verified examples yet. */
  shown: boolean;
  verified: number;
  wanted: number;
  proposals: { question: string; query?: string }[];
}

export const starterKit = (datasetId: string): Promise<StarterKit> => get(`/schemas/${encodeURIComponent(datasetId)}/starter-kit`);

export const execute = (body: { dataset_id: string; query: string; conversation_id?: string; limit: number; offset: number; confirm_cost?: boolean }): Promise<Executed> =>
  send("POST", "/execute", body, EXECUTE_DEADLINE_MS);

export function queryString(values: Record<string, string | number | boolean | undefined>): string {
  const entries = Object.entries(values).flatMap(([k, v]) => (v === undefined || v === "" ? [] : [[k, String(v)]]));
  return entries.length ? `?${new URLSearchParams(entries)}` : "";
}

export const get = <T>(path: string): Promise<T> => send("GET", path);

export async function send<T>(method: string, path: string, body?: unknown, deadlineMs = DEADLINE_MS): Promise<T> {
  let response: Response;
  try {
    response = await fetch(ROOT + path, {
      method,
      credentials: "same-origin",
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      signal: AbortSignal.timeout(deadlineMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === "TimeoutError";
    throw new ApiError(0, late ? "TIMEOUT" : "UNREACHABLE", late ? "The server took too long to answer." : "The server cannot be reached.");
  }
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  const parsed = parse(text);
  if (response.ok) {
    if (parsed === undefined && text !== "") throw new ApiError(response.status, "BAD_REPLY", "The server's reply could not be read.");
    return parsed as T;
  }
  const refusal = parsed as { error?: { code?: string; message?: string; details?: object }; trace_id?: string } | undefined;
  throw new ApiError(
    response.status,
    refusal?.error?.code ?? `HTTP_${response.status}`,
    refusal?.error?.message ?? sentenceFor(response.status),
    refusal?.error?.details ?? {},
    refusal?.trace_id ?? null,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sentenceFor(status: number): string {
  if (status === 401) return "Please sign in again.";
  if (status === 403) return "You may not do this.";
  if (status === 404) return "This does not exist, or is no longer there.";
  if (status === 429) return "Too many requests. Please wait a moment.";
  return status >= 500 ? "The server has a problem. Please try again." : "The request was refused.";
}
