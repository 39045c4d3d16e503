import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { apply, asked, disconnected, queryOf, refused, resumed, runningTurn, withdrawn, withHistory, type ConversationState } from "../src/core/store";
import type { ConversationDetail, TurnRecord } from "../src/core/api";
import type { RunAgentInput, WireEvent } from "../src/core/wire";
import { CONVERSATION, empty, finished, refinedTurn, result, RUN, RUN_2, sequenced, snapshotOf, started, step, stepDone, text, textEnd, textStart, told } from "./transcript";

const applyAll = (state: ConversationState, events: WireEvent[]): ConversationState => events.reduce(apply, state);

const input = (runId: string, question: string): RunAgentInput => ({
  threadId: CONVERSATION,
  runId,
  protocolVersion: "1.0",
  messages: [{ id: `user-of-${runId}`, role: "user", content: question }],
  tools: [],
  context: [],
  forwardedProps: { qf: { execute: true } },
});

describe("a stream in order", () => {
  test("a refined turn reads as stages, two attempts, rows and an answer", () => {
    const state = applyAll(empty(), sequenced(refinedTurn()));
    expect(told(state)).toMatchInlineSnapshot(`
      "Top 10 customers by revenue [succeeded]
        ✓ schema_retrieval#1 41 ms: 3 tables: orders, customers, payments
        ✓ query_generation#1 41 ms: 1 statement
        ✓ query_validation#1 41 ms: no column nmae; did you mean name?
        ✓ query_refinement#1 41 ms: use customers.name
        ✓ query_generation#2 230 ms: 1 statement
        ✓ query_execution#2 12 ms: 1 row
        query: SELECT nmae FROM customers
        query: SELECT name FROM customers
        rows: 1
        answer: **Aurelia** leads."
    `);
    expect(queryOf(state.turns[0]!)).toBe("SELECT name FROM customers");
    expect(state.turns[0]!.outcome?.generator?.kind).toBe("builtin");
  });

  test("half of a stream shows what runs and what is open", () => {
    const state = applyAll(empty(), sequenced(refinedTurn()).slice(0, 6));
    expect(told(state)).toMatchInlineSnapshot(`
      "Top 10 customers by revenue [running]
        ✓ schema_retrieval#1 41 ms: 3 tables: orders, customers, payments
        … query_generation#1
        query (open): SELECT nmae "
    `);
    expect(runningTurn(state)?.id).toBe(RUN);
  });

  test("turns follow one another, and a turn that is over is the same object afterwards", () => {
    const one = applyAll(empty(), sequenced(refinedTurn()));
    const two = applyAll(one, sequenced(refinedTurn(RUN_2), 500));
    expect(two.turns.map((t) => t.status)).toEqual(["succeeded", "succeeded"]);
    expect(two.turns[0]).toBe(one.turns[0]);
  });

  test("the answer of the terminal event is shown when no answer was streamed", () => {
    const state = applyAll(empty(), sequenced([started(), finished(RUN, { type: "success" }, { result: { answer: "Hello!", kind: "greeting" } })]));
    expect(state.turns[0]!.answer?.text).toBe("Hello!");
  });

  test("a question back ends the turn and keeps the choices", () => {
    const interrupts = [{ id: "i-1", reason: "clarification", message: "Which table?", responseSchema: { properties: { choice: { enum: ["orders", "payments"] } } } }];
    const state = applyAll(empty(), sequenced([started(), finished(RUN, { type: "interrupt", interrupts })]));
    expect(told(state)).toBe("Top 10 customers by revenue [clarifying]\n  asks: Which table?");
    expect(state.turns[0]!.interrupts[0]!.responseSchema?.properties?.choice?.enum).toEqual(["orders", "payments"]);
    expect(runningTurn(state)).toBeNull();
  });

  test("an error may leave steps and texts open; the reader sees none of them running", () => {
    const state = applyAll(
      empty(),
      sequenced([started(), step("query_generation"), textStart(`${RUN}-a1`, "query"), text(`${RUN}-a1`, "SELE"), { type: "RUN_ERROR", message: "The model took too long.", code: "LLM_TIMEOUT", metadata: { qf: { traceId: "t-1", stage: "query_generation", retryable: true } } }]),
    );
    expect(told(state)).toMatchInlineSnapshot(`
      "Top 10 customers by revenue [failed]
        ✓ query_generation#1
        query: SELE
        error: LLM_TIMEOUT The model took too long."
    `);
    expect(state.turns[0]!.error).toMatchObject({ traceId: "t-1", stage: "query_generation", retryable: true });
  });

  test("cancelled is neither failed nor done", () => {
    const state = applyAll(empty(), sequenced([started(), step("query_generation"), stepDone("query_generation", "stopped"), finished(RUN, { type: "cancelled" })]));
    expect(state.turns[0]!.status).toBe("cancelled");
  });

  test("an event of a kind not known yet changes nothing but the cursor", () => {
    const before = applyAll(empty(), sequenced([started()]));
    const after = apply(before, { type: "STATE_DELTA", metadata: { "qf.seq": 99 } } as unknown as WireEvent);
    expect(after.seq).toBe(99);
    expect(after.turns).toBe(before.turns);
  });

  test.each([
    ["no columns", { resultId: "r", rows: [] }],
    ["nothing", null],
    ["a text", "rows"],
  ])("a result with %s is not drawn", (_, content) => {
    const state = applyAll(empty(), sequenced([started(), { type: "ACTIVITY_SNAPSHOT", messageId: `${RUN}-result`, activityType: "queryforge.result", content }]));
    expect(state.turns[0]!.result).toBeNull();
  });
});

describe("repeats", () => {
  test("frames seen before change nothing, and keep the state's identity", () => {
    const events = sequenced(refinedTurn());
    const state = applyAll(empty(), events);
    for (const event of events) expect(apply(state, event)).toBe(state);
  });

  test("for every pattern of one cut and an overlapping tail, the end is that of an undisturbed stream", () => {
    const events = sequenced(refinedTurn());
    const whole = applyAll(empty(), events);
    for (let cut = 1; cut < events.length; cut++) {
      for (const overlap of [0, 1, 5]) {
        let state = disconnected(applyAll(empty(), events.slice(0, cut)));
        expect(state.turns[0]!.status).toBe("lost");
        state = applyAll(resumed(state), events.slice(Math.max(0, cut - overlap)));
        expect(state).toEqual(whole);
      }
    }
  });
});

describe("cut streams", () => {
  test("a close without a terminal event is interrupted, never done", () => {
    const state = disconnected(applyAll(empty(), sequenced(refinedTurn()).slice(0, -1)));
    expect(state.turns[0]!.status).toBe("lost");
  });

  test("a turn that ended stays ended when the line closes", () => {
    const state = applyAll(empty(), sequenced(refinedTurn()));
    expect(disconnected(state)).toBe(state);
  });

  test("a line lost inside a snapshot comes back without the old cursor, which the texts no longer belong to", () => {
    const before = applyAll(empty(), sequenced(refinedTurn(), 700));
    expect(before.seq).toBeGreaterThan(700);
    const half = applyAll(before, snapshotOf([started(RUN_2, "and by country?"), { type: "MESSAGES_SNAPSHOT", messages: [] }, finished(RUN_2)], 900).slice(0, 2));
    expect(half.seq).toBe(0);
    expect(disconnected(half).seq).toBe(0);
    // and the snapshot's last frame, whatever its number, is the cursor from then on
    expect(applyAll(before, snapshotOf([started(RUN_2, "and by country?"), { type: "MESSAGES_SNAPSHOT", messages: [] }, finished(RUN_2)], 40)).seq).toBe(40);
  });

  test("a snapshot cut in the middle is forgotten: the next one starts afresh", () => {
    const full = snapshotOf([started(), { type: "MESSAGES_SNAPSHOT", messages: [] }, finished()], 50);
    const cut = disconnected(applyAll(empty(), full.slice(0, 2)));
    expect(cut.inSnapshot).toBe(false);
    expect(applyAll(cut, full).turns[0]!.status).toBe("succeeded");
  });
});

describe("snapshots", () => {
  const messages = [
    { id: `user-of-${RUN}`, role: "user", content: "Top 10 customers by revenue" },
    { id: `${RUN}-a1`, role: "assistant", content: "SELECT nmae FROM customers" },
    { id: `${RUN}-a2`, role: "assistant", content: "SELECT na" },
  ];

  test("a running turn comes back with its partial text, and the live tail goes on from there", () => {
    const opened = snapshotOf([started(), { type: "MESSAGES_SNAPSHOT", messages }, step("query_generation", 2), textStart(`${RUN}-a2`, "query")], 120);
    const state = applyAll(applyAll(empty(), opened), sequenced([text(`${RUN}-a2`, "me FROM customers"), textEnd(`${RUN}-a2`), stepDone("query_generation", "1 statement", 230, 2)], 121));
    expect(told(state)).toMatchInlineSnapshot(`
      "Top 10 customers by revenue [running]
        ✓ query_generation#2 230 ms: 1 statement
        query: SELECT nmae FROM customers
        query: SELECT name FROM customers"
    `);
  });

  test("it replaces texts that were wrong here and its number wins, even over a higher one", () => {
    const before = applyAll(empty(), sequenced([started(), textStart(`${RUN}-a1`, "query"), text(`${RUN}-a1`, "GARBAGE")], 900));
    const after = applyAll(before, snapshotOf([started(), { type: "MESSAGES_SNAPSHOT", messages: messages.slice(0, 2) }, textStart(`${RUN}-a1`, "query")], 40));
    expect(after.turns[0]!.drafts.map((d) => d.text)).toEqual(["SELECT nmae FROM customers"]);
    expect(after.seq).toBe(40);
    expect(applyAll(after, sequenced([text(`${RUN}-a1`, ";")], 41)).turns[0]!.drafts[0]!.text).toBe("SELECT nmae FROM customers;");
  });

  test("an idle conversation sends its terminal event again, so a pending question reappears", () => {
    const interrupts = [{ id: "i-1", reason: "clarification", message: "Which table?" }];
    const state = applyAll(empty(), snapshotOf([started(), { type: "MESSAGES_SNAPSHOT", messages: messages.slice(0, 1) }, finished(RUN, { type: "interrupt", interrupts })], 7));
    expect(told(state)).toBe("Top 10 customers by revenue [clarifying]\n  asks: Which table?");
  });

  test("a snapshot of what is known already takes nothing away", () => {
    const before = applyAll(empty(), sequenced(refinedTurn()));
    const after = applyAll(before, snapshotOf([started(), { type: "MESSAGES_SNAPSHOT", messages: [messages[0]!, messages[1]!, { id: `${RUN}-a2`, role: "assistant", content: "SELECT name FROM customers" }, { id: `${RUN}-result`, role: "activity", activityType: "queryforge.result", content: (result() as { content: unknown }).content }, { id: `${RUN}-answer`, role: "assistant", content: "**Aurelia** leads." }] }, refinedTurn().at(-1)!], before.seq));
    expect(told(after)).toBe(told(before));
  });

  test("snapshot followed by tail gives the same texts as the whole run, wherever it is taken", () => {
    const events = sequenced(refinedTurn());
    const whole = applyAll(empty(), events);
    for (let cut = 1; cut < events.length; cut++) {
      const seen = applyAll(empty(), events.slice(0, cut));
      const turn = seen.turns[0]!;
      const snapshot = snapshotOf(
        [
          started(),
          { type: "MESSAGES_SNAPSHOT", messages: [messages[0]!, ...turn.drafts.map((d) => ({ id: d.messageId, role: "assistant", content: d.text })), ...(turn.result ? [{ id: `${RUN}-result`, role: "activity", activityType: "queryforge.result", content: turn.result }] : []), ...(turn.answer ? [{ id: turn.answer.messageId, role: "assistant", content: turn.answer.text }] : [])] },
          ...turn.stages.filter((s) => s.running).map((s) => step(s.name, s.attempt)),
          ...turn.drafts.filter((d) => d.open).map((d) => textStart(d.messageId, "query")),
          ...(turn.answer?.open ? [textStart(turn.answer.messageId, "answer")] : []),
        ],
        seen.seq,
      );
      const final = applyAll(applyAll(empty(), snapshot), events.slice(cut)).turns[0]!;
      expect(final.drafts.map((d) => d.text)).toEqual(whole.turns[0]!.drafts.map((d) => d.text));
      expect(final.answer?.text).toBe(whole.turns[0]!.answer?.text);
      expect(final.result?.rowCount).toBe(1);
      expect(final.status).toBe("succeeded");
    }
  });

  test("older turns that the snapshot does not reach stay where they were", () => {
    const before = applyAll(applyAll(empty(), sequenced(refinedTurn())), sequenced([started(RUN_2, "and by country?")], 300));
    const after = applyAll(before, snapshotOf([started(RUN_2, "and by country?"), { type: "MESSAGES_SNAPSHOT", messages: [{ id: `user-of-${RUN_2}`, role: "user", content: "and by country?" }, { id: `${RUN_2}-a1`, role: "assistant", content: "SELECT country" }] }, textStart(`${RUN_2}-a1`, "query")], 400));
    expect(after.turns.map((t) => `${t.question} ${t.drafts.length}`)).toEqual(["Top 10 customers by revenue 2", "and by country? 1"]);
  });
});

describe("asking", () => {
  test("a question is on the screen before the server knows it, and becomes running when the server does", () => {
    const waiting = asked(empty(), input(RUN, "Top 10 customers by revenue"), "Top 10 customers by revenue");
    expect(told(waiting)).toBe("Top 10 customers by revenue [unsent]");
    expect(told(applyAll(waiting, sequenced([started()])))).toBe("Top 10 customers by revenue [running]");
  });

  test("a question asked in another tab appears here", () => {
    expect(told(applyAll(empty(), sequenced([started(RUN, "from the other tab")])))).toBe("from the other tab [running]");
  });

  test("a refused question says why, and can be withdrawn when it was never sent", () => {
    const waiting = asked(empty(), input(RUN, "q"), "q");
    expect(told(refused(waiting, { type: "error", runId: RUN, code: "thread_busy", message: "Busy." }))).toBe("q [failed]\n  error: thread_busy Busy.");
    expect(withdrawn(waiting, RUN).turns[0]!.status).toBe("cancelled");
  });

  test("an unsent question outlives a lost connection", () => {
    expect(disconnected(asked(empty(), input(RUN, "q"), "q")).turns[0]!.status).toBe("unsent");
  });
});

describe("history", () => {
  const record = (turn_id: string, status: TurnRecord["status"], more: Partial<TurnRecord> = {}): TurnRecord => ({ turn_id, question: `question of ${turn_id.at(-1)}`, status, ...more });
  const detail = (...turns: TurnRecord[]): ConversationDetail => ({ conversation_id: CONVERSATION, title: "t", dataset_id: null, created_at: "", updated_at: "", turns });

  test("a stored turn reads as it did live", () => {
    const state = withHistory(empty(), detail(record(RUN, "succeeded", { stages: [{ name: "query_execution", attempt: 2, ms: 12, finding: "1 row" }], query: "SELECT 1", attempts: 2, answer: "One.", result_id: "r-1", row_count: 1, feedback: { rating: "up" } })));
    expect(told(state)).toBe("question of 1 [succeeded]\n  ✓ query_execution#2 12 ms: 1 row\n  query: SELECT 1\n  answer: One.");
    expect(state.turns[0]).toMatchObject({ feedback: "up", outcome: { resultId: "r-1", attempts: 2 } });
  });

  test.each<[TurnRecord["status"], string]>([
    ["running", "running"],
    ["succeeded", "succeeded"],
    ["failed", "failed"],
    ["cancelled", "cancelled"],
    ["interrupted", "clarifying"],
  ])("stored as %s, shown as %s", (stored, shown) => {
    expect(withHistory(empty(), detail(record(RUN, stored))).turns[0]!.status).toBe(shown);
  });

  test("a stage that the history has as finished is no second one when the wire begins a moment before", () => {
    const stage = (finding: string) => ({ name: "query_execution" as const, attempt: 1, ms: 12, finding });
    const stored = withHistory(empty(), detail(record(RUN, "running", { stages: [stage("1 row")], query: null })));
    const begun = applyAll(stored, sequenced([started(), step("query_execution", 1)]));
    expect(begun.turns[0]!.stages.map((s) => s.running)).toEqual([true]);
    const ended = applyAll(stored, sequenced([started(), step("query_execution", 1), stepDone("query_execution", "1 row")]));
    expect(ended.turns[0]!.stages.map((s) => [s.running, s.finding])).toEqual([[false, "1 row"]]);
  });

  test("it never takes back what the wire has shown of a running turn", () => {
    const live = applyAll(empty(), sequenced(refinedTurn()).slice(0, 7));
    const state = withHistory(live, detail(record(RUN, "running", { query: null })));
    expect(state.turns[0]!.drafts[0]!.text).toBe("SELECT nmae FROM customers");
  });

  test("a turn that ended while the line was cut is over", () => {
    const lost = disconnected(applyAll(empty(), sequenced(refinedTurn()).slice(0, 7)));
    expect(withHistory(lost, detail(record(RUN, "failed", { error: { code: "SERVER_RESTART", message: "The server restarted." } }))).turns[0]!.error?.code).toBe("SERVER_RESTART");
  });

  test("turns the server does not list yet stay at the end", () => {
    const state = withHistory(asked(empty(), input(RUN_2, "unsent"), "unsent"), detail(record(RUN, "succeeded")));
    expect(state.turns.map((t) => t.status)).toEqual(["succeeded", "unsent"]);
  });
});

describe("golden messages", () => {
  const folder = fileURLToPath(new URL("../../tests/golden", import.meta.url));
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).filter((f) => f.endsWith(".json")) : [];
  /** A file is one message, a list of them, or a member that is a list. */
  const messages = (file: string): WireEvent[] => {
    const parsed = JSON.parse(readFileSync(join(folder, file), "utf8")) as WireEvent | WireEvent[] | Record<string, unknown>;
    if (Array.isArray(parsed)) return parsed;
    const list = Object.values(parsed).find((member) => Array.isArray(member) && member.some((m) => typeof m?.type === "string"));
    return "type" in parsed || !list ? [parsed as WireEvent] : (list as WireEvent[]);
  };

  test.skipIf(files.length === 0)("every message the server writes is one that apply takes", () => {
    const seen = new Set<string>();
    for (const file of files) {
      for (const frame of messages(file)) {
        // What a client says has no type, or a lower-case one.
        if (!/^[A-Z_]+$/.test(frame.type ?? "")) continue;
        seen.add(frame.type);
        const turnId = "runId" in frame && frame.runId ? frame.runId : "messageId" in frame ? frame.messageId.slice(0, 36) : RUN;
        const open = [started(turnId), ...("messageId" in frame && /^TEXT_MESSAGE_(CONTENT|END)$/.test(frame.type) ? [{ type: "TEXT_MESSAGE_START", messageId: frame.messageId }] : [])];
        const running = applyAll(empty(), sequenced(open));
        const next = apply(running, { ...frame, metadata: { ...frame.metadata, "qf.seq": 90 } });
        expect(next.seq, file).toBe(90);
        expect(next.turns.length, `${file}: one turn, whatever it says`).toBeGreaterThan(0);
        const turn = next.turns.find((t) => t.id === turnId)!;
        if (frame.type === "RUN_FINISHED" || frame.type === "RUN_ERROR") expect(runningTurn(next), file).toBeNull();
        if (frame.type === "RUN_ERROR") expect(turn.error?.message, file).toBe(frame.message);
        if (frame.type === "RUN_FINISHED" && frame.outcome?.type === "interrupt") expect(turn.interrupts, file).toEqual(frame.outcome.interrupts);
        if (frame.type === "RUN_FINISHED" && frame.result?.query) expect(queryOf(turn), file).toBe(frame.result.query);
        if (frame.type === "STEP_STARTED") expect(turn.stages.map((s) => [s.name, s.running]), file).toEqual([[frame.stepName, true]]);
        if (frame.type === "STEP_FINISHED") expect(turn.stages.map((s) => [s.name, s.finding]), file).toEqual([[frame.stepName, frame.metadata?.qf?.finding]]);
        if (frame.type === "TEXT_MESSAGE_CONTENT") expect(turn.drafts[0]?.text ?? turn.answer?.text, file).toBe(frame.delta);
        if (frame.type === "ACTIVITY_SNAPSHOT") expect(turn.result, file).toMatchObject({ rowCount: (frame.content as { rowCount: number }).rowCount });
      }
    }
    expect(seen.size).toBeGreaterThan(0);
  });
});
