/** Clients that others wrote, unmodified, at the doors beside the WebSocket; connections are cut in mid-stream. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { HttpAgent } from "@ag-ui/client";
import { ChatClient, fetchServerSentEvents } from "@tanstack/ai-client";
import { io } from "socket.io-client";
import { Cutter } from "./support/cutter.js";
import { Line, newId } from "./support/line.js";
import { clarify, endless, query, queryIn, ScriptedModel } from "./support/model.js";
import { python } from "./support/python.js";
import { Server } from "./support/server.js";
import { deadline } from "./support/wait.js";

const COUNT = "select count(*) as customers from customer";
const LONG = `select ${Array.from({ length: 10 }, (_, i) => `${i} as c${i}`).join(", ")} from customer limit 1`;

let model, server, datasetId;
before(async () => {
  model = await ScriptedModel.start();
  server = await Server.start({ model });
  datasetId = await server.dataset("Chinook");
});
after(async () => {
  await server?.stop();
  await model?.stop();
});

/** Answered for as long as the test wants; then what was said is known. */
const slowly = (question) => model.on(question, endless(LONG));
const written = async (question) => queryIn((await model.asked(question)).said);
const isEnd = (event) => event.type === "RUN_FINISHED" || event.type === "RUN_ERROR";

describe("@ag-ui/client over HTTP", () => {
  const talk = (config) => new HttpAgent({ url: `${server.url}/api/v1/agui`, threadId: newId(), ...config });
  const ask = async (agent, question, parameters = {}) => {
    const events = [];
    if (question !== null) agent.addMessage({ id: newId(), role: "user", content: question });
    const done = await deadline(`"${question}" is answered`, agent.runAgent({ runId: newId(), forwardedProps: { qf: { datasetId } }, ...parameters }, { onEvent: ({ event }) => void events.push(event) }));
    return { events, ...done };
  };

  test("a conversation: the events are those of the WebSocket, and its checks find nothing", async (t) => {
    model.on("How many customers?", query(COUNT));
    model.on("And invoices?", query("select count(*) as invoices from invoice"));
    const agent = talk();
    const line = await Line.open(server, agent.threadId, { after: "0" });
    t.after(() => line.close());
    const first = await ask(agent, "How many customers?");
    assert.equal(first.result.query, COUNT);
    const second = await ask(agent, "And invoices?");
    assert.equal(second.result.rowCount, 1);
    await line.until("both turns are there", () => line.events.filter(isEnd).length === 2);
    assert.deepEqual(line.events, [...first.events, ...second.events].map((event) => JSON.parse(JSON.stringify(event))));
    assert.equal(agent.messages.filter((message) => message.role === "user").length, 2);
  });

  test("a clarification is answered in the next run", async () => {
    const question = "Who are the best customers?";
    model.on(question, clarify("Best by what?", "by revenue", "by number"), query(COUNT));
    const agent = talk();
    await ask(agent, question);
    const [interrupt] = agent.pendingInterrupts;
    assert.deepEqual(interrupt.responseSchema.properties.choice.enum, ["by revenue", "by number"]);
    const resumed = await ask(agent, null, { resume: [{ interruptId: interrupt.id, status: "resolved", payload: { choice: "by revenue" } }] });
    assert.equal(resumed.result.query, COUNT);
  });

  test("hanging up cancels nothing", async () => {
    const question = "Slow, and left alone";
    slowly(question);
    const agent = talk();
    agent.addMessage({ id: newId(), role: "user", content: question });
    const runId = newId();
    await agent.runAgent({ runId, forwardedProps: { qf: { datasetId } } }, { onTextMessageContentEvent: () => void agent.abortRun() });
    const line = await Line.open(server, agent.threadId);
    model.release(question);
    const end = await line.until("the turn ends by itself", isEnd);
    assert.equal(end.outcome?.type, "success");
    assert.equal(end.result.query, await written(question));
    await line.close();
  });

  test("a refusal is an error with our words", async () => {
    const agent = talk();
    await assert.rejects(ask(agent, "   "), (error) => error.status === 400 && /no question/.test(error.payload.error.message));
  });
});

describe("@tanstack/ai-client", () => {
  test("a cut in mid-stream is mended, and each token is shown once", async (t) => {
    const question = "Slow, for TanStack";
    slowly(question);
    const cutter = await Cutter.start(server);
    t.after(() => cutter.stop());
    const chunks = [];
    let texts = 0;
    const errors = [];
    const client = new ChatClient({
      connection: fetchServerSentEvents(`${cutter.url}/api/v1/agui`),
      forwardedProps: { qf: { datasetId } },
      onError: (error) => void errors.push(error),
      onChunk: (chunk) => {
        chunks.push(chunk);
        if (chunk.type === "TEXT_MESSAGE_CONTENT" && ++texts % 12 === 5 && cutter.cuts < 4) cutter.cut();
        if (texts === 60) model.release(question);
      },
    });
    await deadline("the question is answered", client.sendMessage(question), 60_000);
    assert.deepEqual(errors, []);
    assert.ok(cutter.cuts >= 3, `${cutter.cuts} cuts try nothing`);
    const seqs = chunks.map((chunk) => chunk.metadata?.["qf.seq"]).filter((seq) => seq !== undefined);
    assert.equal(new Set(seqs).size, seqs.length, "no event came twice");
    const of = (id) => chunks.filter((chunk) => chunk.type === "TEXT_MESSAGE_CONTENT" && chunk.messageId === id).map((chunk) => chunk.delta).join("");
    const [first] = chunks.filter((chunk) => chunk.type === "TEXT_MESSAGE_START");
    const long = await written(question);
    assert.equal(of(first.messageId), long);
    const shown = client.getMessages().flatMap((message) => message.parts).filter((part) => part.type === "text").map((part) => part.content);
    assert.equal(shown.filter((text) => text.includes(long)).length, 1, JSON.stringify(shown));
    assert.equal(shown.join("").split("9 as c9").length, 2, "each token is shown once");
    assert.equal(chunks.at(-1).type, "RUN_FINISHED");
  });
});

describe("socket.io-client", () => {
  /** One question over a socket; comes back with what it saw last when the connection is cut. */
  async function talk(t, url, transports, asked, onToken = () => {}) {
    const socket = io(url, { transports, reconnectionDelay: 100, reconnectionDelayMax: 500, forceNew: true });
    t.after(() => socket.disconnect());
    const heard = { acks: [], progress: [], tokens: [], connections: 0 };
    let last;
    const note = (list) => (body) => {
      last = body.seq ?? last;
      list.push(body);
    };
    const done = new Promise((resolve) => {
      socket.on("query_result", (result) => resolve({ result }));
      socket.on("query_error", (error) => resolve({ error }));
    });
    socket.on("query_progress", note(heard.progress));
    socket.on("query_token", (body) => {
      note(heard.tokens)(body);
      onToken(heard);
    });
    socket.on("connect", () => {
      heard.connections++;
      socket.emit("generate_query", { ...asked, ...(last === undefined ? {} : { after: last }) }, (ack) => heard.acks.push(ack));
    });
    return { ...heard, ...(await deadline(() => `a question is answered over ${transports}; heard: ${JSON.stringify(heard).slice(0, 2000)}`, done, 60_000)), heard, socket };
  }

  for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
    test(`the four events over ${transports.join(" then ")}`, async (t) => {
      const question = `How many, over ${transports}?`;
      model.on(question, query(COUNT));
      const [query_id, conversation_id] = [newId(), newId()];
      const { acks, progress, tokens, result } = await talk(t, server.url, transports, { query: question, schema_group_id: datasetId, query_id, conversation_id });
      assert.deepEqual(acks, [{ query_id, conversation_id }]);
      assert.deepEqual(progress.slice(0, 2).map(({ stage, status, attempt }) => [stage, status, attempt]), [
        ["intent_classification", "started", 1],
        ["intent_classification", "finished", 1],
      ]);
      const [{ message_id }] = tokens;
      assert.equal(tokens.filter((token) => token.message_id === message_id).map((token) => token.delta).join(""), COUNT);
      assert.deepEqual([result.query_id, result.query, result.row_count, result.status], [query_id, COUNT, 1, "success"]);
      assert.ok(result.confidence > 0.5);
      const page = await server.get(`/results/${result.result_id}`);
      assert.deepEqual(page.rows, [[59]]);
    });
  }

  test("what cannot be answered is a query_error, and so is what is no question", async (t) => {
    model.on("What nobody can answer here", query("select nonsense from nowhere"));
    const failed = await talk(t, server.url, ["websocket"], { query: "What nobody can answer here", schema_group_id: datasetId });
    assert.equal(failed.error.code, "MAX_ATTEMPTS");
    assert.match(failed.error.trace_id, /^[0-9a-f]{32}$/);
    assert.ok(failed.error.details);
    for (const [asked, code] of [
      [{ query: "" }, "bad_frame"],
      [{ query: 5 }, "bad_request"],
      [{ query: "x", schema_group_id: newId() }, "not_found"],
      [{ query: "x", schema_group_id: "nonsense" }, "bad_request"],
    ]) {
      const { error, acks } = await talk(t, server.url, ["websocket"], asked);
      assert.equal(error.code, code, JSON.stringify(error));
      assert.equal(acks[0].error.code, code);
    }
  });

  for (const transports of [["websocket"], ["polling"]]) {
    test(`a cut over ${transports} is mended by the same query_id, and each token comes once`, async (t) => {
      const question = `Slow, over ${transports}`;
      slowly(question);
      const cutter = await Cutter.start(server);
      t.after(() => cutter.stop());
      const asked = { query: question, schema_group_id: datasetId, query_id: newId(), conversation_id: newId() };
      let cutOn = 0;
      const { tokens, result, heard } = await talk(t, cutter.url, transports, asked, ({ tokens, connections }) => {
        if (connections === 4) model.release(question);
        else if (connections > cutOn && tokens.length >= connections * 8) {
          cutOn = connections;
          setImmediate(() => cutter.cut());
        }
      });
      assert.ok(heard.connections >= 3, `${heard.connections} connections try nothing`);
      const [{ message_id }] = tokens;
      let shown = "";
      for (const token of tokens.filter((token) => token.message_id === message_id)) shown = token.replaces ? token.delta : shown + token.delta;
      const long = await written(question);
      assert.equal(shown, long);
      assert.equal(result.query, long);
      const request = await model.asked(question);
      assert.equal((await request.ended).how, "finished");
      assert.equal(model.requests.filter((request) => request.question === question).length, 1, "one turn, one call");
    });
  }

  test("a page of another site is refused", async (t) => {
    const refused = io(server.url, { transports: ["websocket"], extraHeaders: { origin: "https://evil.example" }, reconnection: false, forceNew: true });
    t.after(() => refused.disconnect());
    await deadline("it is refused", new Promise((resolve) => refused.on("connect_error", resolve)));
    const polled = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin: "https://evil.example" } });
    assert.equal(polled.status, 403);
    assert.equal((await polled.json()).status, "error");
  });
});

describe("python-socketio", () => {
  test("the four events, and a cut in mid-stream", async (t) => {
    const { program, missing, remove } = await python("python-socketio[client]");
    if (missing) return t.skip(missing);
    t.after(remove);
    const script = fileURLToPath(new URL("support/socketio_client.py", import.meta.url));
    const talk = async (url, asked, transports, onLine = () => {}) => {
      const child = spawn(program, [script, url, JSON.stringify(asked), JSON.stringify(transports)], { stdio: ["ignore", "pipe", "pipe"] });
      t.after(() => child.kill("SIGKILL"));
      let complaints = "";
      child.stderr.setEncoding("utf8").on("data", (text) => (complaints += text));
      const lines = [];
      createInterface({ input: child.stdout }).on("line", (text) => {
        lines.push(JSON.parse(text));
        onLine(lines);
      });
      const ended = new Promise((resolve) => child.on("close", resolve));
      await deadline(() => `python has its answer; it said: ${complaints}`, ended, 60_000);
      const of = (kind) => lines.filter((line) => line.kind === kind);
      return { of, lines, complaints };
    };
    model.on("How many, from Python?", query(COUNT));
    const [query_id, conversation_id] = [newId(), newId()];
    const { of, complaints } = await talk(server.url, { query: "How many, from Python?", schema_group_id: datasetId, query_id, conversation_id }, ["polling", "websocket"]);
    assert.deepEqual(of("ack").map((line) => line.ack), [{ query_id, conversation_id }], complaints);
    assert.ok(of("query_progress").length >= 8);
    assert.equal(of("query_result")[0].body.query, COUNT);

    model.on("What nobody can answer from Python", query("select nonsense from nowhere"));
    const failed = await talk(server.url, { query: "What nobody can answer from Python", schema_group_id: datasetId }, ["websocket"]);
    assert.equal(failed.of("query_error")[0].body.code, "MAX_ATTEMPTS");

    slowly("Slow, from Python");
    let cutOn = 0;
    const cutter = await Cutter.start(server);
    t.after(() => cutter.stop());
    const cut = await talk(cutter.url, { query: "Slow, from Python", schema_group_id: datasetId, query_id: newId(), conversation_id: newId() }, ["websocket"], (lines) => {
      const tokens = lines.filter((line) => line.kind === "query_token");
      const { connections } = lines.at(-1);
      if (lines.at(-1).kind !== "query_token") return;
      if (connections === 3) model.release("Slow, from Python");
      else if (connections > cutOn && tokens.length >= connections * 10) {
        cutOn = connections;
        cutter.cut();
      }
    });
    assert.ok(cutter.cuts >= 2, `${cutter.cuts} cuts try nothing`);
    const tokens = cut.of("query_token").map((line) => line.body);
    let shown = "";
    for (const token of tokens.filter((token) => token.message_id === tokens[0].message_id)) shown = token.replaces ? token.delta : shown + token.delta;
    assert.equal(shown, await written("Slow, from Python"));
  });
});
