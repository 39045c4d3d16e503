/**
 * The open conversation: its socket, its state as a signal, and what the reader can do to it.
 *
 * A question lives in the outbox until RUN_STARTED names it, through lost connections and page reloads. Sending it
 * twice is safe, because the run id made here is the server's idempotency key.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import * as api from "./api";
import { Socket, type Connection } from "./socket";
import {
  apply,
  asked,
  disconnected,
  emptyConversation,
  rated,
  refused,
  resumed,
  reopened,
  runningTurn,
  withdrawn,
  withHistory,
  type ConversationState,
  type Turn,
} from "./store";
import type { ClientFrame, RefusedFrame, RunAgentInput, ServerFrame } from "./wire";

/** Refusals that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(["draining", "unavailable"]);
/** After so many the reader is told instead. */
const PASSING_TRIES = 5;

export interface Asking {
  question: string;
  /** What is sent when that is not the question: feedback on the turn that is tried again, or nothing. */
  said?: string | undefined;
  datasetId?: string | undefined;
  retryOf?: string | undefined;
  resume?: { interruptId: string; choice: string } | undefined;
}

export type History = { is: "loading" } | { is: "loaded" } | { is: "missing" } | { is: "failed"; message: string };

export interface OpenConversation {
  readonly id: string;
  readonly state: ReadonlySignal<ConversationState>;
  readonly connection: ReadonlySignal<Connection>;
  readonly history: ReadonlySignal<History>;
  /** The dataset the server has on record for it. */
  readonly datasetId: ReadonlySignal<string | null>;
  readonly title: ReadonlySignal<string | null>;
  ask(asking: Asking): void;
  /** Sends a refused question again; asks a failed one anew, with what went wrong in mind. */
  retry(turn: Turn): void;
  stop(): void;
  rate(turnId: string, body: api.Feedback): Promise<api.Learnt>;
  reconnectNow(): void;
  reload(): Promise<void>;
  close(): void;
}

/** `isNew`: made here a moment ago, so the server has nothing to tell about it. `onTurnEdge`: a turn began or ended. */
export function openConversation(id: string, isNew: boolean, onTurnEdge: () => void): OpenConversation {
  const state = signal(emptyConversation(id));
  const connection = signal<Connection>({ is: "connecting" });
  const history = signal<History>(isNew ? { is: "loaded" } : { is: "loading" });
  const datasetId = signal<string | null>(null);
  const title = signal<string | null>(null);
  const sent = new Map<string, Unsent>();
  const passed = new Map<string, number>();
  let aborting: string | null = null;
  let closed = false;

  for (const { input, question } of outbox(id)) state.value = asked(state.value, input, question);

  async function reload(): Promise<void> {
    try {
      const detail = await api.conversation(id);
      if (closed) return;
      state.value = withHistory(state.value, detail);
      datasetId.value = detail.dataset_id;
      title.value = detail.title;
      history.value = { is: "loaded" };
    } catch (error) {
      if (closed) return;
      const refusal = error as api.ApiError;
      if (refusal.status === 401) connection.value = { is: "ended", code: 4401 };
      // A conversation exists from its first question on.
      const expected = refusal.status === 404 && state.value.turns.length > 0;
      if (expected) history.value = { is: "loaded" };
      else if (history.value.is !== "loaded") history.value = refusal.status === 404 ? { is: "missing" } : { is: "failed", message: refusal.message };
    }
  }

  function onFrame(frame: ServerFrame): void {
    if (frame.type === "ping") return;
    const before = state.value;
    if (frame.type === "error") return onRefused(frame);
    state.value = apply(before, frame);
    if (frame.type === "RUN_STARTED") {
      settle(id, frame.runId);
      if (aborting === frame.runId) socket.send({ type: "abort", runId: frame.runId });
      onTurnEdge();
    } else if (frame.type === "RUN_FINISHED" || frame.type === "RUN_ERROR") {
      aborting = null;
      onTurnEdge();
      // Title and dataset of a new conversation are the server's to say.
      if (!datasetId.value || !title.value) void reload();
    }
    const turn = frame.type === "RUN_STARTED" && state.value.turns.find((t) => t.id === frame.runId);
    if (turn && !turn.question) void reload();
  }

  function onRefused(frame: RefusedFrame): void {
    const unsent = outbox(id).find((u) => u.input.runId === frame.runId);
    // The server is between two lives, or its database is: the question stays safe and goes out again.
    if (unsent && PASSING.has(frame.code) && (passed.get(unsent.input.runId) ?? 0) < PASSING_TRIES) {
      passed.set(unsent.input.runId, (passed.get(unsent.input.runId) ?? 0) + 1);
      setTimeout(() => !closed && outbox(id).includes(unsent) && socket.send(unsent.input), frame.retryAfterMs ?? 2000);
      return;
    }
    state.value = refused(state.value, frame);
    settle(id, frame.runId ?? outbox(id).at(-1)?.input.runId);
  }

  let opened = 0;
  const socket: Socket = new Socket(id, {
    cursor: () => state.value.seq,
    onFrame,
    onOpen(after) {
      opened += 1;
      if (after !== null) state.value = resumed(state.value);
      for (const { input } of outbox(id)) socket.send(input);
      if (aborting) socket.send({ type: "abort", runId: aborting });
      // A snapshot has texts, not stages or outcomes: those are asked for.
      if (opened > 1 && after === null && state.value.turns.some((t) => t.status !== "unsent")) void reload();
    },
    onClose(code) {
      state.value = disconnected(state.value);
      // The server could not read what we sent: sending it again would close the line again.
      if (code === 4400 || code === 1009 || code === 1003 || code === 1007) {
        for (const { input } of outbox(id)) {
          state.value = refused(state.value, { type: "error", runId: input.runId, code: "bad_frame", message: "The server could not read this question." });
          settle(id, input.runId);
        }
      }
    },
    onConnection: (now) => {
      connection.value = now;
      // A browser cannot see why a handshake was refused; a request can.
      if (now.is === "waiting" && now.tries === 2 && opened === 0) void reload();
    },
  });
  if (!isNew) void reload();

  function submit(unsent: Unsent): void {
    sent.set(unsent.input.runId, unsent);
    keep(id, unsent);
    if (!socket.send(unsent.input)) socket.reconnectNow();
  }
  function ask(asking: Asking): void {
    const input = inputFor(id, asking);
    state.value = asked(state.value, input, asking.question);
    submit({ input, question: asking.question });
  }

  return {
    id,
    state,
    connection,
    history,
    datasetId,
    title,
    ask,
    retry(turn) {
      const unsent = sent.get(turn.id);
      if (!turn.error?.refused || !unsent) return ask({ question: turn.question, said: "", retryOf: turn.id });
      state.value = reopened(state.value, turn.id);
      submit(unsent);
    },
    stop() {
      const turn = runningTurn(state.value);
      if (!turn) return;
      if (turn.status === "unsent" && connection.value.is !== "open") {
        settle(id, turn.id);
        state.value = withdrawn(state.value, turn.id);
        return;
      }
      aborting = turn.id;
      const frame: ClientFrame = { type: "abort", runId: turn.id };
      if (!socket.send(frame)) socket.reconnectNow();
    },
    async rate(turnId, body) {
      const { learnt } = (await api.feedback(id, turnId, body)) ?? {};
      state.value = rated(state.value, turnId, body.rating);
      return learnt ?? {};
    },
    reconnectNow: () => socket.reconnectNow(),
    reload,
    close() {
      closed = true;
      socket.close();
    },
  };
}

export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // Only a secure context has randomUUID; a server on a plain-http intranet address is not one.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function inputFor(threadId: string, asking: Asking): RunAgentInput {
  const said = asking.said ?? asking.question;
  return {
    threadId,
    runId: newId(),
    protocolVersion: "1.0",
    messages: said ? [{ id: newId(), role: "user", content: said }] : [],
    tools: [],
    context: [],
    forwardedProps: {
      qf: {
        ...(asking.datasetId ? { datasetId: asking.datasetId } : {}),
        execute: true,
        ...(asking.retryOf ? { retryOf: asking.retryOf } : {}),
      },
    },
    ...(asking.resume
      ? { resume: [{ interruptId: asking.resume.interruptId, status: "resolved" as const, payload: { choice: asking.resume.choice } }] }
      : {}),
  };
}

// --- the outbox: questions not acknowledged yet, in this tab ------------------------------------------------------

interface Unsent {
  input: RunAgentInput;
  /** As it is shown; a retry sends other words, or none. */
  question: string;
}

const outboxes = new Map<string, Unsent[]>();
const key = (id: string): string => `qf.unsent.${id}`;

function outbox(id: string): Unsent[] {
  const held = outboxes.get(id);
  if (held) return held;
  let stored: Unsent[] = [];
  try {
    stored = JSON.parse(sessionStorage.getItem(key(id)) ?? "[]") as Unsent[];
  } catch {
    // Forbidden or spoilt storage: as if nothing was kept.
  }
  outboxes.set(id, stored);
  return stored;
}

function keep(id: string, unsent: Unsent): void {
  store(id, [...outbox(id), unsent]);
}

function settle(id: string, runId: string | undefined): void {
  const held = outbox(id);
  if (held.some((u) => u.input.runId === runId)) store(id, held.filter((u) => u.input.runId !== runId));
}

function store(id: string, held: Unsent[]): void {
  outboxes.set(id, held);
  try {
    if (held.length) sessionStorage.setItem(key(id), JSON.stringify(held));
    else sessionStorage.removeItem(key(id));
  } catch {
    // Storage is full or forbidden: the question still lives in memory while the page does.
  }
}
