/**
 * One conversation as the reader sees it, and the only function that changes it from the wire: `apply`.
 *
 * Pure and total: no clock, no I/O, and an event it does not know leaves the state as it was. Values that did not
 * change keep their identity, so a view can skip what it has drawn already.
 */
import type { Interrupt, Message, RefusedFrame, ResultContent, RunAgentInput, RunResult, WireEvent } from "./wire";
import type { ConversationDetail, TurnRecord } from "./api";

/**
 * `unsent`: asked here, not acknowledged yet. `lost`: it was running when the connection closed, so we do not know.
 * `clarifying`: it ended with a question back to us. A turn is never `succeeded` without its terminal event.
 */
export type TurnStatus = "unsent" | "running" | "lost" | "succeeded" | "failed" | "cancelled" | "clarifying";

export interface Stage {
  name: string;
  attempt: number;
  running: boolean;
  ms?: number;
  finding?: string;
}

/** One streamed text. A refinement is a new draft, never an edit of an earlier one. */
export interface Draft {
  messageId: string;
  text: string;
  open: boolean;
  dialect?: string;
}

export interface TurnError {
  code: string;
  message: string;
  retryable: boolean;
  traceId?: string;
  stage?: string;
  retryAfterMs?: number;
  /** The server never began this turn, so the same question may be sent again under the same id. */
  refused?: boolean;
}

export interface Turn {
  id: string;
  question: string;
  /** Ids of the user messages that asked it. */
  questionIds: string[];
  status: TurnStatus;
  stages: Stage[];
  drafts: Draft[];
  answer: Draft | null;
  reasoning: string;
  /** First rows, when they came over the wire; otherwise they are fetched by `outcome.resultId`. */
  result: ResultContent | null;
  outcome: RunResult | null;
  interrupts: Interrupt[];
  error: TurnError | null;
  feedback: "up" | "down" | null;
}

export interface ConversationState {
  id: string;
  /** Last sequence applied; 0 when none, and inside a snapshot. */
  seq: number;
  /** Inside a snapshot, whose frames carry no sequence until the last one. */
  inSnapshot: boolean;
  turns: Turn[];
}

export function emptyConversation(id: string): ConversationState {
  return { id, seq: 0, inSnapshot: false, turns: [] };
}

export function apply(state: ConversationState, event: WireEvent): ConversationState {
  const seq = event.metadata?.["qf.seq"];
  if (seq !== undefined && !state.inSnapshot && seq <= state.seq) return state;

  let next = reduce(state, event);
  if (seq !== undefined) next = { ...next, seq, inSnapshot: false };
  // What was known is replaced from here on: a line lost before the last frame must not come back with the old cursor.
  else if (startsSnapshot(event)) next = { ...next, seq: 0, inSnapshot: true };
  return next;
}

function startsSnapshot(event: WireEvent): boolean {
  return event.type === "RUN_STARTED" || event.type === "MESSAGES_SNAPSHOT";
}

function reduce(state: ConversationState, event: WireEvent): ConversationState {
  const qf = event.metadata?.qf;
  switch (event.type) {
    case "RUN_STARTED":
      return started(state, event);

    case "MESSAGES_SNAPSHOT":
      return fromSnapshot(state, event.messages);

    case "STEP_STARTED":
      return onCurrent(state, (turn) => {
        const stage: Stage = { name: event.stepName, attempt: qf?.attempt ?? 1, running: true };
        // known as finished: read with the history, and the socket began with a snapshot of a moment before
        const known = turn.stages.findIndex((s) => s.name === stage.name && s.attempt === stage.attempt);
        return { ...turn, stages: known < 0 ? [...turn.stages, stage] : turn.stages.with(known, stage) };
      });

    case "STEP_FINISHED":
      return onCurrent(state, (turn) => {
        const at = turn.stages.findLastIndex((s) => s.name === event.stepName && s.running);
        const done: Stage = {
          name: event.stepName,
          attempt: qf?.attempt ?? turn.stages[at]?.attempt ?? 1,
          running: false,
          ...(qf?.ms === undefined ? {} : { ms: qf.ms }),
          ...(qf?.finding === undefined ? {} : { finding: qf.finding }),
        };
        return { ...turn, stages: at < 0 ? [...turn.stages, done] : turn.stages.with(at, done) };
      });

    case "REASONING_MESSAGE_CONTENT":
      return onCurrent(state, (turn) => ({ ...turn, reasoning: turn.reasoning + event.delta }));

    case "TEXT_MESSAGE_START": {
      const kind = qf?.kind ?? kindOfId(event.messageId);
      return onMessage(state, event.messageId, (turn) => {
        const opened = (known: Draft | undefined | null): Draft => ({
          messageId: event.messageId,
          text: known?.text ?? "",
          open: true,
          ...(qf?.dialect ? { dialect: qf.dialect } : {}),
        });
        if (kind === "answer") {
          const known = turn.answer?.messageId === event.messageId ? turn.answer : null;
          return { ...turn, answer: opened(known) };
        }
        const at = turn.drafts.findIndex((d) => d.messageId === event.messageId);
        // A start for a draft we hold already comes from a snapshot: its text so far stays.
        return { ...turn, drafts: at < 0 ? [...turn.drafts, opened(null)] : turn.drafts.with(at, opened(turn.drafts[at])) };
      });
    }

    case "TEXT_MESSAGE_CONTENT":
      return onDraft(state, event.messageId, (draft) => ({ ...draft, text: draft.text + event.delta }));

    case "TEXT_MESSAGE_END":
      return onDraft(state, event.messageId, (draft) => ({ ...draft, open: false }));

    case "ACTIVITY_SNAPSHOT": {
      if (event.activityType !== "queryforge.result") return state;
      const result = asResult(event.content);
      return result ? onMessage(state, event.messageId, (turn) => ({ ...turn, result })) : state;
    }

    case "RUN_FINISHED":
      return onTurn(state, event.runId, (turn) => {
        const ended = close(turn);
        const outcome = event.result ?? ended.outcome;
        switch (event.outcome?.type) {
          case "interrupt":
            return { ...ended, outcome, status: "clarifying", interrupts: event.outcome.interrupts };
          case "cancelled":
            return { ...ended, outcome, status: "cancelled" };
          default:
            return { ...ended, outcome, status: "succeeded", answer: ended.answer ?? answerOf(turn.id, outcome) };
        }
      });

    case "RUN_ERROR": {
      const fail = (turn: Turn): Turn => ({
        ...close(turn),
        status: "failed",
        error: {
          code: event.code ?? "ERROR",
          message: event.message,
          retryable: qf?.retryable ?? true,
          ...(qf?.traceId ? { traceId: qf.traceId } : {}),
          ...(qf?.stage ? { stage: qf.stage } : {}),
        },
      });
      return event.runId ? onTurn(state, event.runId, fail) : onCurrent(state, fail);
    }

    default:
      return state;
  }
}

/** The reader asked: shown at once, before the server has answered. */
export function asked(state: ConversationState, input: RunAgentInput, question: string): ConversationState {
  if (state.turns.some((t) => t.id === input.runId)) return state;
  const turn: Turn = { ...blankTurn(input.runId), question, questionIds: input.messages.map((m) => m.id), status: "unsent" };
  return { ...state, turns: [...state.turns, turn] };
}

/** Sending the same again would be refused again. */
const FINAL_REFUSALS = new Set(["forbidden", "too_large", "not_found", "expired_interrupt", "run_id_reused", "bad_frame", "unknown_provider"]);

/** The server refused a frame before it began a turn. */
export function refused(state: ConversationState, frame: RefusedFrame): ConversationState {
  const at = frame.runId
    ? state.turns.findIndex((t) => t.id === frame.runId)
    : state.turns.findLastIndex((t) => t.status === "unsent");
  const turn = state.turns[at];
  if (!turn || turn.status !== "unsent") return state;
  const error: TurnError = {
    code: frame.code,
    message: frame.message,
    retryable: !FINAL_REFUSALS.has(frame.code),
    refused: true,
    ...(frame.retryAfterMs === undefined ? {} : { retryAfterMs: frame.retryAfterMs }),
  };
  return { ...state, turns: state.turns.with(at, { ...turn, status: "failed", error }) };
}

/** A refused question goes out once more. */
export function reopened(state: ConversationState, runId: string): ConversationState {
  return onTurn(state, runId, (turn) => ({ ...turn, status: "unsent", error: null }));
}

/** The reader withdrew a question that was never sent. */
export function withdrawn(state: ConversationState, runId: string): ConversationState {
  return onTurn(state, runId, (turn) => (turn.status === "unsent" ? { ...turn, status: "cancelled" } : turn));
}

export function rated(state: ConversationState, runId: string, feedback: "up" | "down"): ConversationState {
  return onTurn(state, runId, (turn) => ({ ...turn, feedback }));
}

/** A close without a terminal event is interrupted, never done. */
export function disconnected(state: ConversationState): ConversationState {
  if (!state.turns.some((t) => t.status === "running")) return state.inSnapshot ? { ...state, inSnapshot: false } : state;
  return {
    ...state,
    inSnapshot: false,
    turns: state.turns.map((t) => (t.status === "running" ? { ...t, status: "lost" } : t)),
  };
}

/**
 * The socket is open again with its cursor: the tail brings whatever was missed, so what was running runs on until
 * an event says otherwise.
 */
export function resumed(state: ConversationState): ConversationState {
  if (!state.turns.some((t) => t.status === "lost")) return state;
  return { ...state, turns: state.turns.map((t) => (t.status === "lost" ? { ...t, status: "running" } : t)) };
}

/**
 * What the server has stored. It fills gaps (stages and outcomes that a snapshot does not carry) and never takes
 * back what the wire has already shown of a turn that still runs.
 */
export function withHistory(state: ConversationState, detail: ConversationDetail): ConversationState {
  const known = new Map(state.turns.map((t) => [t.id, t]));
  const stored = detail.turns.map((record) => {
    const old = known.get(record.turn_id);
    known.delete(record.turn_id);
    const fresh = fromRecord(record);
    if (!old) return fresh;
    if (isOver(old.status) && !old.error?.refused) {
      return { ...old, question: fresh.question || old.question, stages: longer(old.stages, fresh.stages), outcome: { ...fresh.outcome, ...old.outcome }, feedback: old.feedback ?? fresh.feedback };
    }
    if (!isOver(fresh.status)) {
      return { ...old, question: fresh.question || old.question, stages: longer(old.stages, fresh.stages), drafts: old.drafts.length ? old.drafts : fresh.drafts };
    }
    return { ...fresh, result: old.result, drafts: longer(old.drafts, fresh.drafts), stages: longer(old.stages, fresh.stages), questionIds: old.questionIds };
  });
  // Turns the server does not know are ours and unsent, or newer than its reply.
  return { ...state, turns: [...stored, ...known.values()] };
}

export function isOver(status: TurnStatus): boolean {
  return status === "succeeded" || status === "failed" || status === "cancelled" || status === "clarifying";
}

export function runningTurn(state: ConversationState): Turn | null {
  return state.turns.findLast((t) => t.status === "running" || t.status === "lost" || t.status === "unsent") ?? null;
}

/** The query this turn stands by: the final one, or the last draft while it is being written. */
export function queryOf(turn: Turn): string {
  return turn.outcome?.query ?? turn.drafts.at(-1)?.text ?? "";
}

export function blankTurn(id: string): Turn {
  return {
    id,
    question: "",
    questionIds: [],
    status: "running",
    stages: [],
    drafts: [],
    answer: null,
    reasoning: "",
    result: null,
    outcome: null,
    interrupts: [],
    error: null,
    feedback: null,
  };
}

// --- turns and messages -----------------------------------------------------------------------------------------

function started(state: ConversationState, event: Extract<WireEvent, { type: "RUN_STARTED" }>): ConversationState {
  const messages = (event.input?.messages ?? []).filter((m) => m.role === "user");
  const question = messages.map((m) => textOf(m.content)).join("\n");
  const at = state.turns.findIndex((t) => t.id === event.runId);
  const old = state.turns[at];
  if (!old) {
    const turn: Turn = { ...blankTurn(event.runId), question, questionIds: messages.map((m) => m.id) };
    return { ...state, turns: [...state.turns, turn] };
  }
  // The start of a snapshot repeats a turn that may be over; its terminal event, if any, follows.
  const repeats = event.metadata?.["qf.seq"] === undefined && isOver(old.status) && !old.error?.refused;
  const turn: Turn = { ...old, question: old.question || question, ...(repeats ? {} : { status: "running", error: null }) };
  return { ...state, turns: state.turns.with(at, turn) };
}

/**
 * Messages replace the texts of every turn they name. Turns older than the snapshot reaches stay, and so does what
 * messages cannot say (stages of turns that are over, outcomes, questions of ours not yet acknowledged).
 */
function fromSnapshot(state: ConversationState, messages: Message[]): ConversationState {
  const turns = new Map(state.turns.map((t) => [t.id, t]));
  const current = state.turns.findLast((t) => t.status === "running")?.id;
  const order: string[] = [];
  const replaced = new Set<string>();
  const open = (id: string): Turn => {
    const old = turns.get(id);
    if (replaced.has(id) && old) return old;
    replaced.add(id);
    order.push(id);
    const base = old ?? { ...blankTurn(id), status: "succeeded" as const };
    const stages = isOver(base.status) ? base.stages : base.stages.filter((s) => !s.running);
    const turn = { ...base, drafts: [], answer: null, stages };
    turns.set(id, turn);
    return turn;
  };

  // A user message goes before the replies of its turn; only they name the turn. One that got no reply belongs to a
  // turn that the history will bring, unless it is the last: then it is the running turn's.
  let pending: Message | null = null;
  const ask = (id: string): void => {
    if (!pending) return;
    const turn = open(id);
    turns.set(id, { ...turn, question: turn.question || textOf(pending.content), questionIds: [pending.id] });
    pending = null;
  };
  for (const message of messages) {
    if (message.role === "user") {
      pending = message;
      const owner = state.turns.find((t) => t.questionIds.includes(message.id));
      if (owner) ask(owner.id);
      continue;
    }
    const id = turnOfMessage(message.id);
    ask(id);
    const turn = open(id);
    if (message.activityType === "queryforge.result") {
      turns.set(id, { ...turn, result: asResult(message.content) ?? turn.result });
      continue;
    }
    if (message.role !== "assistant") continue;
    const draft: Draft = { messageId: message.id, text: textOf(message.content), open: false };
    if (message.metadata?.qf?.dialect) draft.dialect = message.metadata.qf.dialect;
    const kind = message.metadata?.qf?.kind ?? kindOfId(message.id);
    turns.set(id, kind === "answer" ? { ...turn, answer: draft } : { ...turn, drafts: [...turn.drafts, draft] });
  }
  if (pending && current) ask(current);

  const named = new Set(order);
  const kept = state.turns.filter((t) => !named.has(t.id));
  const later = kept.filter((t) => t.status === "unsent" || t.id === current);
  const earlier = kept.filter((t) => !later.includes(t));
  const all = [...inPlace(earlier, state.turns, order), ...later.map((t) => t.id)];
  return { ...state, turns: all.flatMap((id) => turns.get(id) ?? []) };
}

/** `order` with the turns it does not name put back where they stood, before the first named one that followed them. */
function inPlace(extra: Turn[], before: Turn[], order: string[]): string[] {
  const ids = [...order];
  for (const turn of extra) {
    const after = before.slice(before.indexOf(turn) + 1).find((t) => ids.includes(t.id));
    if (after) ids.splice(ids.indexOf(after.id), 0, turn.id);
    else ids.push(turn.id);
  }
  return ids;
}

function onTurn(state: ConversationState, id: string, change: (turn: Turn) => Turn): ConversationState {
  const at = state.turns.findIndex((t) => t.id === id);
  const turn = state.turns[at];
  if (!turn) return { ...state, turns: [...state.turns, change(blankTurn(id))] };
  const changed = change(turn);
  return changed === turn ? state : { ...state, turns: state.turns.with(at, changed) };
}

/** The running turn: events between RUN_STARTED and the terminal event name no turn of their own. */
function onCurrent(state: ConversationState, change: (turn: Turn) => Turn): ConversationState {
  const turn = state.turns.findLast((t) => t.status === "running" || t.status === "lost");
  return turn ? onTurn(state, turn.id, (t) => change(alive(t))) : state;
}

function onMessage(state: ConversationState, messageId: string, change: (turn: Turn) => Turn): ConversationState {
  const id = turnOfMessage(messageId);
  if (state.turns.some((t) => t.id === id)) return onTurn(state, id, (t) => change(alive(t)));
  return onCurrent(state, change);
}

function onDraft(state: ConversationState, messageId: string, change: (draft: Draft) => Draft): ConversationState {
  return onMessage(state, messageId, (turn) => {
    if (turn.answer?.messageId === messageId) return { ...turn, answer: change(turn.answer) };
    const at = turn.drafts.findIndex((d) => d.messageId === messageId);
    const draft = turn.drafts[at];
    return draft ? { ...turn, drafts: turn.drafts.with(at, change(draft)) } : turn;
  });
}

function alive(turn: Turn): Turn {
  return turn.status === "lost" ? { ...turn, status: "running" } : turn;
}

/** Whatever a terminal event left open is over. */
function close(turn: Turn): Turn {
  return {
    ...turn,
    stages: turn.stages.some((s) => s.running) ? turn.stages.map((s) => (s.running ? { ...s, running: false } : s)) : turn.stages,
    drafts: turn.drafts.some((d) => d.open) ? turn.drafts.map((d) => (d.open ? { ...d, open: false } : d)) : turn.drafts,
    answer: turn.answer?.open ? { ...turn.answer, open: false } : turn.answer,
  };
}

function answerOf(turnId: string, outcome: RunResult | null): Draft | null {
  return outcome?.answer ? { messageId: `${turnId}-answer`, text: outcome.answer, open: false } : null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** `<runId>-a2`, `<runId>-result`, `<runId>-answer`: the turn is what goes before the last part. */
function turnOfMessage(messageId: string): string {
  return UUID.exec(messageId)?.[0] ?? messageId.replace(/-[^-]*$/, "");
}

function kindOfId(messageId: string): "query" | "answer" {
  return /-a\d+$/.test(messageId) ? "query" : "answer";
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (typeof part?.text === "string" ? part.text : "")).join("");
}

function asResult(content: unknown): ResultContent | null {
  const result = content as Partial<ResultContent> | null;
  if (!result || !Array.isArray(result.columns) || !Array.isArray(result.rows)) return null;
  return {
    resultId: result.resultId ?? "",
    columns: result.columns,
    rows: result.rows,
    rowCount: result.rowCount ?? result.rows.length,
    truncated: result.truncated ?? false,
    chart: result.chart ?? null,
    ...(result.elapsedMs === undefined ? {} : { elapsedMs: result.elapsedMs }),
  };
}

function longer<T>(a: T[], b: T[]): T[] {
  return b.length > a.length ? b : a;
}

function fromRecord(record: TurnRecord): Turn {
  const status: TurnStatus = record.status === "interrupted" ? "clarifying" : record.status;
  const outcome: RunResult = {
    query: record.query ?? null,
    dialect: record.dialect ?? null,
    explanation: record.explanation ?? null,
    confidence: record.confidence ?? null,
    trust: record.trust ?? null,
    attempts: record.attempts ?? null,
    resultId: record.result_id ?? null,
    rowCount: record.row_count ?? null,
    truncated: record.truncated ?? null,
    generator: record.generator ?? null,
    answer: record.answer ?? null,
    suggestions: record.suggestions ?? null,
    kind: record.kind ?? null,
    example: record.example ?? null,
    dataset: record.dataset ?? null,
  };
  const error = record.error
    ? {
        code: record.error.code,
        message: record.error.message,
        retryable: record.error.retryable ?? true,
        ...(record.error.stage ? { stage: record.error.stage } : {}),
        ...(record.trace_id ? { traceId: record.trace_id } : {}),
      }
    : null;
  return {
    ...blankTurn(record.turn_id),
    question: record.question ?? "",
    status,
    stages: (record.stages ?? []).map((s) => ({
      name: s.name,
      attempt: s.attempt ?? 1,
      running: false,
      ...(s.ms === undefined || s.ms === null ? {} : { ms: s.ms }),
      ...(s.finding ? { finding: s.finding } : {}),
    })),
    drafts: record.query
      ? [{ messageId: `${record.turn_id}-a${record.attempts ?? 1}`, text: record.query, open: false, ...(record.dialect ? { dialect: record.dialect } : {}) }]
      : [],
    answer: answerOf(record.turn_id, outcome),
    outcome,
    interrupts: asInterrupts(record.interrupt),
    error: status === "failed" ? (error ?? { code: "ERROR", message: "This question could not be answered.", retryable: true }) : null,
    feedback: asRating(record.feedback),
  };
}

function asInterrupts(stored: TurnRecord["interrupt"]): Interrupt[] {
  if (!stored) return [];
  return Array.isArray(stored) ? stored : [stored];
}

function asRating(stored: TurnRecord["feedback"]): "up" | "down" | null {
  const rating = typeof stored === "object" ? stored?.rating : stored;
  return rating === "up" || rating === "down" ? rating : null;
}
