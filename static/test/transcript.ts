/** Streams as a server writes them, and a state as a reader would tell it. */
import { emptyConversation, type ConversationState } from "../src/core/store";
import type { WireEvent } from "../src/core/wire";

export const CONVERSATION = "0b7f6a1e-0000-4000-8000-00000000c001";
export const RUN = "0b7f6a1e-0000-4000-8000-000000000001";
export const RUN_2 = "0b7f6a1e-0000-4000-8000-000000000002";

export const empty = (): ConversationState => emptyConversation(CONVERSATION);

/** Gives events the numbers that a live stream has: rising, with gaps. */
export function sequenced(events: object[], from = 1): WireEvent[] {
  return events.map((event, i) => {
    const metadata = (event as WireEvent).metadata;
    return { ...event, metadata: { ...metadata, "qf.seq": from + i + (i > 3 ? 40 : 0) } } as WireEvent;
  });
}

/** A snapshot: no numbers but on its last frame. */
export function snapshotOf(events: object[], seq: number): WireEvent[] {
  return events.map((event, i) => (i === events.length - 1 ? ({ ...event, metadata: { ...(event as WireEvent).metadata, "qf.seq": seq } } as WireEvent) : (event as WireEvent)));
}

export const started = (runId = RUN, question = "Top 10 customers by revenue"): object => ({
  type: "RUN_STARTED",
  threadId: CONVERSATION,
  runId,
  protocolVersion: "1.0",
  input: { messages: [{ id: `user-of-${runId}`, role: "user", content: question }] },
});
export const step = (stepName: string, attempt = 1): object => ({ type: "STEP_STARTED", stepName, metadata: { qf: { attempt } } });
export const stepDone = (stepName: string, finding: string, ms = 41, attempt = 1): object => ({ type: "STEP_FINISHED", stepName, metadata: { qf: { attempt, ms, finding } } });
export const textStart = (messageId: string, kind: "query" | "answer"): object => ({ type: "TEXT_MESSAGE_START", messageId, role: "assistant", metadata: { qf: { kind, dialect: "postgres" } } });
export const text = (messageId: string, delta: string): object => ({ type: "TEXT_MESSAGE_CONTENT", messageId, delta });
export const textEnd = (messageId: string): object => ({ type: "TEXT_MESSAGE_END", messageId });
export const result = (runId = RUN): object => ({
  type: "ACTIVITY_SNAPSHOT",
  messageId: `${runId}-result`,
  activityType: "queryforge.result",
  content: { resultId: "r-1", columns: [{ name: "name", type: "text", kind: "text" }, { name: "revenue", type: "numeric", kind: "decimal" }], rows: [["Aurelia", "12.50"]], rowCount: 1, truncated: false, elapsedMs: 84, chart: { kind: "bar", x: "name", y: ["revenue"] } },
});
export const finished = (runId = RUN, outcome: object = { type: "success" }, more: object = {}): object => ({
  type: "RUN_FINISHED",
  threadId: CONVERSATION,
  runId,
  outcome,
  ...more,
});

/** A whole turn with one refinement. */
export const refinedTurn = (runId = RUN): object[] => [
  started(runId),
  step("schema_retrieval"),
  stepDone("schema_retrieval", "3 tables: orders, customers, payments"),
  step("query_generation"),
  textStart(`${runId}-a1`, "query"),
  text(`${runId}-a1`, "SELECT nmae "),
  text(`${runId}-a1`, "FROM customers"),
  textEnd(`${runId}-a1`),
  stepDone("query_generation", "1 statement"),
  step("query_validation"),
  stepDone("query_validation", "no column nmae; did you mean name?"),
  step("query_refinement"),
  stepDone("query_refinement", "use customers.name"),
  step("query_generation", 2),
  textStart(`${runId}-a2`, "query"),
  text(`${runId}-a2`, "SELECT name FROM customers"),
  textEnd(`${runId}-a2`),
  stepDone("query_generation", "1 statement", 230, 2),
  step("query_execution", 2),
  stepDone("query_execution", "1 row", 12, 2),
  result(runId),
  textStart(`${runId}-answer`, "answer"),
  text(`${runId}-answer`, "**Aurelia** leads."),
  textEnd(`${runId}-answer`),
  finished(runId, { type: "success" }, { result: { query: "SELECT name FROM customers", dialect: "postgres", confidence: 0.71, trust: "unverified", attempts: 2, resultId: "r-1", rowCount: 1, generator: { kind: "builtin", name: "builtin" }, suggestions: ["Only for 2024"], kind: "query" } }),
];

/** What a person would read on the screen, one line per thing. */
export function told(state: ConversationState): string {
  return state.turns
    .map((t) =>
      [
        `${t.question} [${t.status}]`,
        ...t.stages.map((s) => `  ${s.running ? "…" : "✓"} ${s.name}#${s.attempt}${s.ms === undefined ? "" : ` ${s.ms} ms`}${s.finding ? `: ${s.finding}` : ""}`),
        ...t.drafts.map((d) => `  query${d.open ? " (open)" : ""}: ${d.text}`),
        ...(t.result ? [`  rows: ${t.result.rowCount}`] : []),
        ...(t.answer ? [`  answer${t.answer.open ? " (open)" : ""}: ${t.answer.text}`] : []),
        ...t.interrupts.map((i) => `  asks: ${i.message}`),
        ...(t.error ? [`  error: ${t.error.code} ${t.error.message}`] : []),
      ].join("\n"),
    )
    .join("\n");
}
