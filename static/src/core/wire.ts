/**
 * What crosses the WebSocket. Names are those of the wire (AG-UI 1.0), so a frame can be read as it is.
 * Words: `threadId` is our conversation, `runId` our turn.
 */

export const SUBPROTOCOL = "ag-ui.v1";

export type StepName =
  | "intent_classification"
  | "schema_retrieval"
  | "query_analysis"
  | "query_generation"
  | "query_validation"
  | "query_refinement"
  | "query_execution";

export interface Metadata {
  /** Position in the conversation; absent on every frame of a snapshot but the last. */
  "qf.seq"?: number;
  qf?: {
    attempt?: number;
    ms?: number;
    finding?: string;
    kind?: "query" | "answer";
    dialect?: string;
    traceId?: string;
    stage?: string;
    retryable?: boolean;
  };
}

export type ColumnKind =
  | "integer"
  | "decimal"
  | "float"
  | "boolean"
  | "text"
  | "date"
  | "time"
  | "timestamp"
  | (string & {});

export interface ResultColumn {
  name: string;
  type: string;
  kind?: ColumnKind;
}

/** Decimals and integers beyond 2^53 arrive as strings, so that no digit is lost. */
export type Cell = string | number | boolean | null | object;

export interface ChartHint {
  kind: "bar" | "line" | "scatter" | "value";
  x: string;
  y: string[];
}

export interface ResultContent {
  resultId: string;
  columns: ResultColumn[];
  rows: Cell[][];
  rowCount: number;
  truncated: boolean;
  elapsedMs?: number;
  chart?: ChartHint | null;
}

export interface Generator {
  /** `example`: nobody wrote the query now, a verified example has it. */
  kind: "builtin" | "model" | "example";
  name: string;
  provider?: string;
}

/** How a verified example answered a question, and why it is believed. */
export interface ExampleUse {
  id: string;
  /** As it was verified. */
  question: string;
  /** Values that the question has in place of the example's. */
  replaced?: { was: string; now: string }[];
  /** Where it came from, in words: "an expert". */
  source: string;
  verifiedBy?: string;
  verifiedAt?: string;
}

export interface RunResult {
  query?: string | null;
  dialect?: string | null;
  explanation?: string | null;
  confidence?: number | null;
  trust?: "verified" | "unverified" | null;
  attempts?: number | null;
  resultId?: string | null;
  rowCount?: number | null;
  truncated?: boolean | null;
  generator?: Generator | null;
  answer?: string | null;
  suggestions?: string[] | null;
  kind?: "query" | "schema" | "greeting" | "cannot" | null;
  example?: ExampleUse | null;
  /** The dataset that was asked. */
  dataset?: { id: string; name: string } | null;
}

export interface Interrupt {
  id: string;
  reason: string;
  message: string;
  toolCallId?: string;
  responseSchema?: { properties?: { choice?: { enum?: string[] } } };
  expiresAt?: string;
}

export interface Message {
  id: string;
  role: string;
  content?: unknown;
  activityType?: string;
  metadata?: Metadata;
}

export interface UserMessage {
  id: string;
  role: "user";
  content: string;
}

export interface RunAgentInput {
  threadId: string;
  runId: string;
  protocolVersion: "1.0";
  messages: UserMessage[];
  tools: [];
  context: [];
  forwardedProps: { qf: { datasetId?: string; execute: boolean; retryOf?: string; onBusy?: "reject" | "interrupt" } };
  resume?: { interruptId: string; status: "resolved"; payload: { choice: string } }[];
}

export type ClientFrame = RunAgentInput | { type: "abort"; runId: string };

interface Sequenced {
  metadata?: Metadata;
}

export type WireEvent = Sequenced &
  (
    | {
        type: "RUN_STARTED";
        threadId: string;
        runId: string;
        input?: { messages?: Message[]; resume?: { interruptId: string }[] };
      }
    | { type: "STEP_STARTED"; stepName: string }
    | { type: "STEP_FINISHED"; stepName: string }
    | { type: "REASONING_START" | "REASONING_MESSAGE_START" | "REASONING_MESSAGE_END" | "REASONING_END"; messageId: string }
    | { type: "REASONING_MESSAGE_CONTENT"; messageId: string; delta: string }
    | { type: "TEXT_MESSAGE_START"; messageId: string; role?: string }
    | { type: "TEXT_MESSAGE_CONTENT"; messageId: string; delta: string }
    | { type: "TEXT_MESSAGE_END"; messageId: string }
    | { type: "ACTIVITY_SNAPSHOT"; messageId: string; activityType: string; content: unknown }
    | {
        type: "RUN_FINISHED";
        threadId: string;
        runId: string;
        outcome?: { type: "success" } | { type: "cancelled" } | { type: "interrupt"; interrupts: Interrupt[] };
        result?: RunResult | null;
      }
    | { type: "RUN_ERROR"; message: string; code?: string; runId?: string }
    | { type: "MESSAGES_SNAPSHOT"; messages: Message[] }
  );

/** Refused before RUN_STARTED; the socket stays open. */
export interface RefusedFrame {
  type: "error";
  runId?: string;
  code: string;
  message: string;
  retryAfterMs?: number;
}

export type ServerFrame = WireEvent | RefusedFrame | { type: "ping" };

/** 4401: sign in again. 4403 and 4404: this conversation is not ours, or is no more. Nothing to retry. */
export const FINAL_CLOSE_CODES: ReadonlySet<number> = new Set([4401, 4403, 4404]);
/** The cursor fell out of the log: come back without `after` and take a snapshot. */
export const CURSOR_GONE = 4410;
