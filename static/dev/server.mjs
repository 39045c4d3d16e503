/**
 * A pretend QueryForge for working on the browser app: the same doors and frames, answers made up from the words of
 * the question. It serves dist/ under the policy of the real server.
 *
 *   node dev/server.mjs [port]           PORT, default 8787, 0 for any; DIST, default ../dist; SLOW multiplies every delay
 *
 * Words it listens for: "slow", "hold" (stops in the middle of the query until POST /mock/hold?on=0), "refine", "which" (asks back), "fail", "cut" (drops the line half way), "big" (10,000
 * rows), "gone" (no line for a while), "trend" (line chart), "scatter", "how many" (one number), "hello", "say" (answers with the rest), "tables", "busy", "empty".
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";
import { datasets, schemas } from "./datasets.mjs";

const port = Number(process.argv[2] ?? process.env.PORT ?? 8787);
const slow = Number(process.env.SLOW ?? 1);
const dist = process.env.DIST ?? join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";

/** id → {conversation_id, title, dataset_id, created_at, updated_at, turns, seq, log, sockets, run} */
const conversations = new Map();
/** id → {columns, rows, chart, truncated} */
const results = new Map();

// --- REST -------------------------------------------------------------------------------------------------------

const http = createServer(async (request, response) => {
  const url = new URL(request.url, "http://mock");
  const reply = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  };
  const refuse = (status, code, message, details = {}) => reply(status, { status: "error", error: { code, message, details }, trace_id: randomUUID() });
  const path = url.pathname;
  // For tests: POST /mock/line?up=0 cuts every line and lets none in until ?up=1.
  if (path === "/mock/line") {
    goneUntil = url.searchParams.get("up") === "0" ? Number.POSITIVE_INFINITY : 0;
    if (goneUntil) for (const socket of sockets.clients) socket.terminate();
    return reply(204);
  }
  if (path === "/mock/hold") {
    holds = url.searchParams.get("on") !== "0";
    return reply(204);
  }
  if (!path.startsWith("/api/v1/")) return file(path, response);
  const parts = path.slice("/api/v1/".length).split("/").map(decodeURIComponent);
  const body = await read(request);
  const [noun, id, sub, subId, verb] = parts;

  if (noun === "status") return reply(200, { version: "0.1.0", generator: { kind: "builtin", name: "builtin" }, datasets: datasets.length, limits: {} });
  if (noun === "schemas" && !id) return reply(200, { items: datasets });
  if (noun === "schemas") return schemas[id] ? reply(200, schemas[id]) : refuse(404, "NOT_FOUND", "Dataset not found. Please check dataset name.");
  if (noun === "conversations" && !id) {
    const search = (url.searchParams.get("search") ?? "").toLowerCase();
    const items = [...conversations.values()].filter((c) => (c.title ?? "").toLowerCase().includes(search)).sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    return reply(200, { items: items.map(summary), next: null });
  }
  const conversation = conversations.get(id);
  if (noun === "conversations") {
    if (!conversation) return refuse(404, "NOT_FOUND", "Conversation not found.");
    if (sub === "turns" && verb === "feedback") {
      const turn = conversation.turns.find((t) => t.turn_id === subId);
      if (!turn) return refuse(404, "NOT_FOUND", "Turn not found.");
      turn.feedback = body;
      return reply(200, { status: "recorded" });
    }
    if (request.method === "PATCH") {
      conversation.title = body.title;
      return reply(200, summary(conversation));
    }
    if (request.method === "DELETE") {
      conversations.delete(id);
      return reply(204);
    }
    return reply(200, { ...summary(conversation), turns: conversation.turns });
  }
  if (noun === "results" && id.endsWith(".csv")) {
    const result = results.get(id.slice(0, -4));
    if (!result) return refuse(404, "NOT_FOUND", "Result not found.");
    response.writeHead(200, { "content-type": "text/csv", "content-disposition": "attachment; filename=result.csv" });
    return response.end([result.columns.map((c) => c.name), ...result.rows].map((r) => r.map((v) => `"${v ?? ""}"`).join(",")).join("\r\n"));
  }
  if (noun === "results") {
    const result = results.get(id);
    if (!result) return refuse(404, "NOT_FOUND", "Result not found.");
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? 200);
    await wait(80);
    const to = from + limit;
    return reply(200, { columns: result.columns, rows: result.rows.slice(from, to), next_cursor: to < result.rows.length ? String(to) : null, row_count: result.rows.length, truncated: result.truncated, chart: result.chart });
  }
  if (noun === "execute") {
    await wait(250);
    const lines = body.query.split("\n");
    const at = lines.findIndex((line) => /\b(delete|drop|update|oops)\b/i.test(line));
    if (at >= 0) {
      const column = lines[at].search(/\b(delete|drop|update|oops)\b/i) + 1;
      return refuse(422, "INVALID_QUERY", "The query was not run.", {
        findings: [/oops/.test(lines[at]) ? { code: "unknown_column", message: "there is no column `oops`; did you mean `opens_at`?", line: at + 1, column, suggestion: "opens_at" } : { code: "not_read_only", message: "Only queries that read may run.", line: at + 1, column }],
      });
    }
    const made = resultFor("top customers");
    return reply(200, { result_id: made.id, columns: made.columns, rows: made.rows.slice(0, body.limit), row_count: made.rows.length, truncated: false, elapsed_ms: 38, chart: made.chart });
  }
  return refuse(404, "NOT_FOUND", "No such path.");
});

function summary(c) {
  return { conversation_id: c.conversation_id, title: c.title, dataset_id: c.dataset_id, created_at: c.created_at, updated_at: c.updated_at, running: c.run !== null };
}

async function read(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

function file(path, response) {
  const wanted = normalize(join(dist, path));
  const found = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, "index.html");
  const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
  response.writeHead(200, { "content-type": `${types[extname(found)] ?? "application/octet-stream"}; charset=utf-8`, "content-security-policy": POLICY });
  createReadStream(found).pipe(response);
}

// --- WebSocket --------------------------------------------------------------------------------------------------

/** "gone" drops every line and lets none in until this time. */
let goneUntil = 0;
/** "hold" stops while this is so. */
let holds = true;

const sockets = new WebSocketServer({ server: http, handleProtocols: (offered) => (offered.has("ag-ui.v1") ? "ag-ui.v1" : false) });
sockets.on("connection", (socket, request) => {
  if (Date.now() < goneUntil) return socket.terminate();
  const url = new URL(request.url, "http://mock");
  const id = decodeURIComponent(/^\/ws\/([^/]+)$/.exec(url.pathname)?.[1] ?? "");
  if (!id) return socket.close(4404);
  const after = url.searchParams.get("after");
  const known = conversations.get(id);
  if (known) {
    if (after !== null && known.log.some((f) => f.metadata["qf.seq"] === Number(after))) for (const frame of known.log.filter((f) => f.metadata["qf.seq"] > Number(after))) socket.send(JSON.stringify(frame));
    else snapshot(known, socket);
    known.sockets.add(socket);
  }
  const ping = setInterval(() => socket.send('{"type":"ping"}'), 15_000);
  socket.on("close", () => {
    clearInterval(ping);
    conversations.get(id)?.sockets.delete(socket);
  });
  socket.on("message", (data) => {
    const frame = JSON.parse(String(data));
    if (frame.type === "abort") return void conversations.get(id)?.run?.abort(frame.runId);
    const conversation = conversations.get(id) ?? create(id, frame.forwardedProps?.qf?.datasetId ?? datasets[0].dataset_id);
    conversation.sockets.add(socket);
    if (conversation.turns.some((t) => t.turn_id === frame.runId)) return;
    const refuse = (code, message, extra = {}) => socket.send(JSON.stringify({ type: "error", runId: frame.runId, code, message, ...extra }));
    if (conversation.run) return refuse("thread_busy", "This conversation is still answering another question.");
    if (/busy/i.test(frame.messages[0]?.content ?? "")) return refuse("rate_limited", "Too many questions at once. Please wait a moment.", { retryAfterMs: 20_000 });
    void answer(conversation, frame);
  });
});

function create(id, datasetId) {
  const now = new Date().toISOString();
  const conversation = { conversation_id: id, title: null, dataset_id: datasetId, created_at: now, updated_at: now, turns: [], seq: 0, log: [], sockets: new Set(), run: null, open: null };
  conversations.set(id, conversation);
  return conversation;
}

function snapshot(c, socket) {
  const last = c.turns.at(-1);
  if (!last) return;
  const messages = c.turns.flatMap((t) => [
    { id: t.question_id, role: "user", content: t.question },
    ...t.drafts.map((d, i) => ({ id: `${t.turn_id}-a${i + 1}`, role: "assistant", content: d, metadata: { qf: { kind: "query" } } })),
    ...(t.answer ? [{ id: `${t.turn_id}-answer`, role: "assistant", content: t.answer, metadata: { qf: { kind: "answer" } } }] : []),
  ]);
  const frames = [
    { type: "RUN_STARTED", threadId: c.conversation_id, runId: last.turn_id, protocolVersion: "1.0", input: { messages: [messages.findLast((m) => m.role === "user")] } },
    { type: "MESSAGES_SNAPSHOT", messages },
    ...(c.run ? (c.open ? [c.open] : []) : [c.terminal]),
  ];
  frames.forEach((frame, i) => socket.send(JSON.stringify(i === frames.length - 1 ? { ...frame, metadata: { ...frame.metadata, "qf.seq": c.seq } } : { ...frame, metadata: { qf: frame.metadata?.qf } })));
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms * slow));

async function answer(c, input) {
  const turnId = input.runId;
  const retried = c.turns.find((t) => t.turn_id === input.forwardedProps?.qf?.retryOf)?.question;
  const question = input.messages[0]?.content ?? input.resume?.[0]?.payload?.choice ?? retried ?? "";
  const turn = { turn_id: turnId, question_id: input.messages[0]?.id ?? `q-${turnId}`, question, status: "running", stages: [], drafts: [], query: null, dialect: "postgres", started_at: new Date().toISOString(), finished_at: null, feedback: null };
  c.turns.push(turn);
  c.title ??= question.slice(0, 80);
  c.updated_at = turn.started_at;
  let aborted = false;
  c.run = { abort: (id) => (aborted ||= id === turnId) };
  const emit = (frame) => {
    c.seq += 1 + (c.seq % 7 === 0 ? 3 : 0);
    const sequenced = { ...frame, metadata: { ...frame.metadata, "qf.seq": c.seq } };
    c.log.push(sequenced);
    c.open = frame.type === "STEP_STARTED" || frame.type === "TEXT_MESSAGE_START" ? frame : c.open;
    for (const socket of c.sockets) socket.send(JSON.stringify(sequenced));
  };
  const end = (frame, status, stored = {}) => {
    Object.assign(turn, stored, { status, finished_at: new Date().toISOString() });
    c.run = null;
    c.terminal = frame;
    emit(frame);
  };
  const finished = (outcome, result) => ({ type: "RUN_FINISHED", threadId: c.conversation_id, runId: turnId, outcome, ...(result ? { result } : {}), usage: [] });
  const pace = /slow/i.test(question) ? 8 : 1;
  let open = null;
  const stage = async (name, ms, finding, attempt = 1, body = null) => {
    if (aborted) throw new Error("aborted");
    emit({ type: "STEP_STARTED", stepName: name, metadata: { qf: { attempt } } });
    open = { name, attempt };
    const began = Date.now();
    if (body) await body();
    else for (let left = ms * pace; left > 0 && !aborted; left -= 50) await wait(Math.min(50, left));
    const took = Date.now() - began;
    emit({ type: "STEP_FINISHED", stepName: name, metadata: { qf: { attempt, ms: took, finding: aborted ? "stopped" : finding } } });
    turn.stages.push({ name, attempt, ms: took, finding });
    open = null;
    if (aborted) throw new Error("aborted");
  };
  const text = async (messageId, kind, whole, ms = 24) => {
    emit({ type: "TEXT_MESSAGE_START", messageId, role: "assistant", metadata: { qf: { kind, dialect: "postgres" } } });
    const pieces = whole.match(/[\s\S]{1,7}/g) ?? [];
    for (const [at, piece] of pieces.entries()) {
      while (kind === "query" && /hold/i.test(question) && at === pieces.length >> 1 && holds && !aborted) await wait(50);
      if (aborted) break;
      emit({ type: "TEXT_MESSAGE_CONTENT", messageId, delta: piece });
      if (kind === "query") turn.drafts[Number(/-a(\d+)$/.exec(messageId)[1]) - 1] = (turn.drafts[Number(/-a(\d+)$/.exec(messageId)[1]) - 1] ?? "") + piece;
      else turn.answer = (turn.answer ?? "") + piece;
      await wait(ms * pace);
    }
    emit({ type: "TEXT_MESSAGE_END", messageId });
  };

  emit({ type: "RUN_STARTED", threadId: c.conversation_id, runId: turnId, protocolVersion: "1.0", input: { messages: input.messages, resume: input.resume } });
  try {
    const generator = { kind: "builtin", name: "builtin" };
    if (/^(hello|hi)\b/i.test(question)) {
      await stage("intent_classification", 40, "greeting");
      const words = "Hello! Ask me about **orders**, **customers** or **products**, for example *“Top 10 customers by revenue”*.";
      await text(`${turnId}-answer`, "answer", words);
      return end(finished({ type: "success" }, { kind: "greeting", generator, answer: words, suggestions: datasets[0].questions.slice(0, 2) }), "succeeded", { kind: "greeting", generator, answer: words, suggestions: datasets[0].questions.slice(0, 2) });
    }
    if (/^say /i.test(question)) {
      const words = question.slice(4);
      await text(`${turnId}-answer`, "answer", words, 2);
      return end(finished({ type: "success" }, { kind: "greeting", generator, answer: words }), "succeeded", { kind: "greeting", generator, answer: words });
    }
    if (/\btables\b/i.test(question)) {
      await stage("intent_classification", 40, "a question about the schema");
      const words = "This dataset has six tables:\n\n| Table | What it holds |\n|---|---|\n| `customers` | who buys |\n| `orders` | one row per order |\n| `order_items` | lines of an order |\n| `products` | what is sold |\n| `payments` | money received |\n| `refunds` | money returned |\n\nOrders join customers on `customer_id`. <img src=x onerror=alert(1)> ![x](http://evil.example/x.png)";
      await text(`${turnId}-answer`, "answer", words, 12);
      return end(finished({ type: "success" }, { kind: "schema", generator, answer: words, suggestions: [] }), "succeeded", { kind: "schema", generator, answer: words });
    }
    await stage("intent_classification", 60, "a question to be answered by a query");
    await stage("schema_retrieval", 140, "3 tables: customers, orders, payments");
    if (/which/i.test(question) && !input.resume) {
      const interrupts = [{ id: randomUUID(), reason: "clarification", message: "“Revenue” could mean two things here. Which one?", responseSchema: { type: "object", properties: { choice: { type: "string", enum: ["Order total (orders.total)", "Money received (payments.amount)"] } } } }];
      return end(finished({ type: "interrupt", interrupts }), "interrupted", { interrupt: interrupts[0] });
    }
    await stage("query_analysis", 90, "aggregation over a join, ordered, 10 rows");
    const made = resultFor(question);
    const attempts = /refine/i.test(question) ? 2 : 1;
    if (/gone/i.test(question)) {
      goneUntil = Date.now() + 12_000 * slow;
      for (const socket of c.sockets) socket.terminate();
    }
    if (attempts === 2) {
      await stage("query_generation", 0, "1 statement", 1, () => text(`${turnId}-a1`, "query", made.query.replace("total_amount", "amount_total")));
      await stage("query_validation", 90, "There is no column amount_total; did you mean total_amount?", 1);
      await stage("query_refinement", 130, "use orders.total_amount", 1);
    }
    if (/fail/i.test(question)) {
      await stage("query_generation", 300, "no answer", 1);
      const frame = { type: "RUN_ERROR", message: "The model did not answer in time. Nothing was run.", code: "LLM_TIMEOUT", metadata: { qf: { traceId: randomUUID(), stage: "query_generation", retryable: true } } };
      return end(frame, "failed", { error: { code: "LLM_TIMEOUT", message: frame.message } });
    }
    await stage("query_generation", 0, "1 statement, 2 tables", attempts, async () => {
      const id = `${turnId}-a${attempts}`;
      if (!/cut/i.test(question)) return text(id, "query", made.query);
      const half = text(id, "query", made.query, 90);
      await wait(900);
      for (const socket of c.sockets) socket.terminate();
      return half;
    });
    await stage("query_validation", 70, "read-only, names resolved, plan costs 1,240", attempts);
    await stage("query_execution", 180, `${made.rows.length} rows`, attempts);
    const content = { resultId: made.id, columns: made.columns, rows: made.rows.slice(0, 200), rowCount: made.rows.length, truncated: made.truncated, elapsedMs: 84, chart: made.chart };
    emit({ type: "ACTIVITY_SNAPSHOT", messageId: `${turnId}-result`, activityType: "queryforge.result", content });
    await text(`${turnId}-answer`, "answer", made.answer);
    if (aborted) throw new Error("aborted");
    const result = { query: made.query, dialect: "postgres", explanation: "Joins orders to their customers, adds up the totals of each customer and keeps the largest.", confidence: attempts === 2 ? 0.71 : 0.93, trust: /verified/i.test(question) ? "verified" : "unverified", attempts, resultId: made.id, rowCount: made.rows.length, truncated: made.truncated, generator, answer: made.answer, suggestions: ["Only for 2024", "The same by country", "Show their last order date"], kind: "query" };
    end(finished({ type: "success" }, result), "succeeded", { ...snake(result) });
  } catch (error) {
    if (error.message !== "aborted") throw error;
    if (open) emit({ type: "STEP_FINISHED", stepName: open.name, metadata: { qf: { attempt: open.attempt } } });
    end(finished({ type: "cancelled" }), "cancelled");
  }
}

function snake(result) {
  const { resultId, rowCount, ...rest } = result;
  return { ...rest, result_id: resultId, row_count: rowCount };
}

// --- made-up results --------------------------------------------------------------------------------------------

function resultFor(question) {
  const made = pick(question);
  made.id = randomUUID();
  made.truncated ??= false;
  results.set(made.id, made);
  return made;
}

const NAMES = ["Aurelia Trading", "Bergström & Söner AB", "Casa del Sol", "Dunmore Supply", "東京電器株式会社", "Eastgate Retail", "Fjord Logistics", "Gannet Foods", "Hartwell Group", "Ivory Coast Cacao"];

function pick(question) {
  const col = (name, type, kind) => ({ name, type, kind });
  if (/empty/i.test(question)) return { query: "SELECT id, name\nFROM customers\nWHERE country = 'Atlantis'", columns: [col("id", "bigint", "integer"), col("name", "text", "text")], rows: [], chart: null, answer: "There are no customers in Atlantis." };
  if (/how many/i.test(question)) return { query: "SELECT count(*) AS customers\nFROM customers", columns: [col("customers", "bigint", "integer")], rows: [[18432]], chart: { kind: "value", x: "customers", y: ["customers"] }, answer: "There are **18,432** customers." };
  if (/trend|month/i.test(question)) {
    const rows = Array.from({ length: 36 }, (_, i) => [`${2022 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}-01`, (90_000 + 2_400 * i + 14_000 * Math.sin(i / 1.9)).toFixed(2), 400 + 9 * i + Math.round(60 * Math.cos(i))]);
    return { query: "SELECT date_trunc('month', o.ordered_at)::date AS month,\n       sum(o.total_amount) AS revenue,\n       count(*) AS orders\nFROM orders o\nGROUP BY 1\nORDER BY 1", columns: [col("month", "date", "date"), col("revenue", "numeric(14,2)", "decimal"), col("orders", "bigint", "integer")], rows, chart: { kind: "line", x: "month", y: ["revenue"] }, answer: "Revenue grew from **90,000** in January 2022 to **174,000** in December 2024, with a dip each summer." };
  }
  if (/scatter/i.test(question)) {
    const rows = Array.from({ length: 600 }, (_, i) => [((i * 7919) % 997) / 10, (((i * 7919) % 997) * 3 + ((i * 104729) % 613)).toFixed(2)]);
    return { query: "SELECT discount, total_amount\nFROM orders", columns: [col("discount", "float8", "float"), col("total_amount", "numeric", "decimal")], rows, chart: { kind: "scatter", x: "discount", y: ["total_amount"] }, answer: "Larger discounts go with larger orders." };
  }
  if (/big/i.test(question)) {
    const rows = Array.from({ length: 10_000 }, (_, i) => [i + 1, NAMES[(i * 7) % 10], i % 11 === 0 ? null : `${(i * 37.13) % 9000}`.slice(0, 8), i % 3 === 0, `2024-0${(i % 9) + 1}-1${i % 10} 12:0${i % 10}:00`, i % 17 === 0 ? null : `note <b>${i}</b> & more`, "9007199254740993"]);
    return { query: "SELECT *\nFROM orders\nLIMIT 10000 -- everything", columns: [col("order_id", "bigint", "integer"), col("customer", "text", "text"), col("total_amount", "numeric(12,2)", "decimal"), col("paid", "boolean", "boolean"), col("ordered_at", "timestamp", "timestamp"), col("note", "text", "text"), col("ledger_id", "numeric(20)", "integer")], rows, chart: null, truncated: true, answer: "Here are the first 10,000 orders." };
  }
  const rows = NAMES.map((name, i) => [name, i === 6 ? null : ["SE", "DE", "ES", "IE", "JP"][i % 5], (184_220.5 / (i + 1.4)).toFixed(2), 412 - i * 31]);
  return {
    query: "SELECT c.name,\n       c.country,\n       sum(o.total_amount) AS revenue,\n       count(*)            AS orders\nFROM customers c\nJOIN orders o ON o.customer_id = c.id\nWHERE o.status <> 'cancelled'  -- cancelled orders are not revenue\nGROUP BY c.name, c.country\nORDER BY revenue DESC\nLIMIT 10",
    columns: [col("name", "text", "text"), col("country", "char(2)", "text"), col("revenue", "numeric(14,2)", "decimal"), col("orders", "bigint", "integer")],
    rows,
    chart: { kind: "bar", x: "name", y: ["revenue"] },
    answer: "**Aurelia Trading** leads with 131,586.07 from 412 orders, almost twice as much as the second.\n\n- The first three make up more than half of the total.\n- One customer, *Fjord Logistics*, has no country on record.",
  };
}

http.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${http.address().port}`));
