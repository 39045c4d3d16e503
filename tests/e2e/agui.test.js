/** The public AG-UI client, with its own checks on, is a client of this server as it is. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { messagesOf, SocketAgent } from "./support/agent.js";
import { Line, newId } from "./support/line.js";
import { clarify, endless, query, ScriptedModel } from "./support/model.js";
import { Server } from "./support/server.js";
import { deadline } from "./support/wait.js";

const COUNT = "select count(*) as customers from customer";

/** A run as a person would retell it: one line per event, deltas of one text joined. */
function transcript(events) {
  const lines = [];
  for (const event of events) {
    if (event.type === "TEXT_MESSAGE_CONTENT" && lines.at(-1)?.startsWith("says ")) lines[lines.length - 1] += event.delta;
    else lines.push(lineOf(event));
  }
  return lines;
}

function lineOf(event) {
  switch (event.type) {
    case "STEP_STARTED":
      return `begin ${event.stepName} ${event.metadata.qf.attempt}`;
    case "STEP_FINISHED":
      return `end ${event.stepName} ${event.metadata.qf.attempt}`;
    case "TEXT_MESSAGE_START":
      return `text ${event.metadata.qf.kind}`;
    case "TEXT_MESSAGE_CONTENT":
      return `says ${event.delta}`;
    case "ACTIVITY_SNAPSHOT":
      return `rows ${JSON.stringify(event.content.rows)}`;
    case "RUN_FINISHED":
      return `done ${event.outcome.type}`;
    case "RUN_ERROR":
      return `error ${event.code}`;
    default:
      return event.type;
  }
}

/** Runs one question; resolves to all that a subscriber was told. */
async function run(agent, question, { onEvent, ...parameters } = {}) {
  await agent.open;
  const events = [];
  if (question !== null) agent.addMessage({ id: newId(), role: "user", content: question });
  const outcome = { events, result: undefined, error: undefined };
  try {
    const done = await deadline(`the run of "${question}" ends`, agent.runAgent({ runId: newId(), ...parameters }, {
      onEvent: ({ event }) => {
        events.push(event);
        onEvent?.(event);
      },
      onRunErrorEvent: ({ event }) => void (outcome.error = event),
      onRunFailed: ({ error }) => void (outcome.failure = error),
    }));
    outcome.result = done.result;
    outcome.newMessages = done.newMessages;
  } catch (error) {
    outcome.failure ??= error;
  }
  return outcome;
}

const texts = (agent) => agent.messages.map((message) => [message.role, typeof message.content === "string" ? message.content : message.activityType]);

describe("with a model", () => {
  let model, server, chinook;
  before(async () => {
    model = await ScriptedModel.start();
    server = await Server.start({ model });
    chinook = { qf: { datasetId: await server.dataset("Chinook") } };
  });
  after(async () => {
    await server?.stop();
    await model?.stop();
  });
  const talk = (t) => {
    const agent = new SocketAgent(server, { threadId: newId() });
    t.after(() => agent.close());
    return agent;
  };

  test("a whole turn: stages, query, rows, answer", async (t) => {
    model.on("How many customers?", query(COUNT));
    const agent = talk(t);
    const { events, result, failure } = await run(agent, "How many customers?", { forwardedProps: chinook });
    assert.equal(failure, undefined);
    assert.equal(result.query, COUNT);
    assert.equal(result.rowCount, 1);
    assert.deepEqual(result.generator, { kind: "model", name: "scripted-1", provider: "openai" });
    const told = transcript(events);
    assert.deepEqual(told.slice(0, 12), [
      "RUN_STARTED",
      "begin intent_classification 1",
      "end intent_classification 1",
      "begin schema_retrieval 1",
      "end schema_retrieval 1",
      "begin query_analysis 1",
      "end query_analysis 1",
      "begin query_generation 1",
      "text query",
      `says ${COUNT}`,
      "TEXT_MESSAGE_END",
      "end query_generation 1",
    ]);
    assert.deepEqual(told.slice(12, 17), ["begin query_validation 1", "end query_validation 1", "begin query_execution 1", "rows [[59]]", "end query_execution 1"]);
    assert.equal(told.at(-1), "done success");
    const answer = agent.messages.at(-1);
    assert.deepEqual(texts(agent).slice(0, 3), [
      ["user", "How many customers?"],
      ["assistant", COUNT],
      ["activity", "queryforge.result"],
    ]);
    assert.equal(answer.role, "assistant");
    assert.ok(answer.content.length > 0 && answer.content === result.answer, answer.content);
    const usage = events.at(-1).usage;
    assert.equal(usage[0].model, "scripted-1");
    assert.ok(usage[0].outputTokens > 0);
  });

  test("a query with an unknown column is written again, in a message of its own", async (t) => {
    model.on("Names of the customers", query("select c.surname from customer c"), query("select c.last_name from customer c order by 1 limit 3"));
    const agent = talk(t);
    const { events, result, failure } = await run(agent, "Names of the customers", { forwardedProps: chinook });
    assert.equal(failure, undefined);
    assert.equal(result.attempts, 2);
    const told = transcript(events);
    assert.ok(told.includes("begin query_refinement 2"), told.join("\n"));
    const second = await model.asked("Names of the customers", 2);
    assert.match(second.prompt, /surname/);
    assert.match(second.prompt, /<finding>/);
    const [, first, next, rows] = texts(agent);
    assert.deepEqual([first, next, rows], [
      ["assistant", "select c.surname from customer c"],
      ["assistant", "select c.last_name from customer c order by 1 limit 3"],
      ["activity", "queryforge.result"],
    ]);
    assert.equal(new Set(agent.messages.map((message) => message.id)).size, agent.messages.length);
  });

  test("a clarification is an interrupt, and the choice resumes it", async (t) => {
    const question = "Which customers are the best?";
    model.on(question, clarify("Best by what?", "by revenue", "by number of invoices"), query("select customer_id, sum(total) as revenue from invoice group by 1 order by 2 desc limit 3"));
    const agent = talk(t);
    const asked = await run(agent, question, { forwardedProps: chinook });
    assert.equal(asked.failure, undefined);
    assert.equal(transcript(asked.events).at(-1), "done interrupt");
    const [interrupt] = agent.pendingInterrupts;
    assert.equal(interrupt.message, "Best by what?");
    assert.deepEqual(interrupt.responseSchema.properties.choice.enum, ["by revenue", "by number of invoices"]);

    const resumed = await run(agent, null, { forwardedProps: chinook, resume: [{ interruptId: interrupt.id, status: "resolved", payload: { choice: "by revenue" } }] });
    assert.equal(resumed.failure, undefined);
    assert.equal(resumed.result?.rowCount, 3);
    assert.deepEqual(agent.pendingInterrupts, []);
    const second = await model.asked(question, 2);
    assert.match(second.prompt, /<choice>\nby revenue\n<\/choice>/);

    // answered once is answered
    const again = await run(agent, null, { forwardedProps: chinook, resume: [{ interruptId: interrupt.id, status: "resolved", payload: { choice: "by revenue" } }] });
    assert.equal(again.failure?.code, "expired_interrupt");
  });

  test("a stop in mid-stream closes everything in order and hangs up on the model", async (t) => {
    const question = "A long query, please";
    model.on(question, endless("select 1 as one", { everyMs: 15 }));
    const agent = talk(t);
    let stoppedAt;
    let deltas = 0;
    let written = "";
    const { events, failure } = await run(agent, question, {
      forwardedProps: chinook,
      onEvent: (event) => {
        if (event.type !== "TEXT_MESSAGE_CONTENT" || stoppedAt) return;
        written += event.delta;
        if (++deltas < 3 || !written.includes("d0")) return;
        stoppedAt = performance.now();
        agent.abortRun();
      },
    });
    assert.equal(failure, undefined);
    const told = transcript(events);
    assert.deepEqual(told.slice(-3), ["TEXT_MESSAGE_END", "end query_generation 1", "done cancelled"]);
    const request = await model.asked(question);
    const { how, at } = await deadline("the model's connection ends", request.ended);
    assert.equal(how, "aborted");
    t.diagnostic(`the model was hung up on ${Math.round(at - stoppedAt)} ms after the stop`);
    const partial = agent.messages.at(-1);
    assert.equal(partial.role, "assistant");
    assert.match(partial.content, /^select 0 as d0/);

    model.on("And now?", query(COUNT));
    const next = await run(agent, "And now?", { forwardedProps: chinook });
    assert.equal(next.failure, undefined);
    assert.equal(next.result.rowCount, 1);
  });

  test("a turn that fails says so once, and the next one works", async (t) => {
    const question = "What nobody can answer";
    model.on(question, query("select nonsense from nowhere"));
    const agent = talk(t);
    const { events, error } = await run(agent, question, { forwardedProps: chinook });
    assert.equal(error?.code, "MAX_ATTEMPTS", transcript(events).join("\n"));
    assert.match(error.message, /^Unable to generate query\. Please rephrase your question\. Max attempts exceeded/);
    assert.equal(error.metadata.qf.retryable, false);
    assert.match(error.metadata.qf.traceId, /^[0-9a-f]{32}$/);
    assert.equal(events.filter((event) => ["RUN_ERROR", "RUN_FINISHED"].includes(event.type)).length, 1);

    model.on("And now for something else", query(COUNT));
    const next = await run(agent, "And now for something else", { forwardedProps: chinook });
    assert.equal(next.failure, undefined);
    assert.equal(next.result.rowCount, 1);
  });

  test("a model that refuses the key is an error that names the way out", async (t) => {
    model.on("With a wrong key", { status: 401 });
    const { error } = await run(talk(t), "With a wrong key", { forwardedProps: chinook });
    assert.equal(error?.code, "LLM_UNAVAILABLE");
    assert.match(error.message, /key/);
    assert.doesNotMatch(error.message, /scripted model fails/);
  });

  test("the client sends the whole history again, and nothing is asked twice", async (t) => {
    model.on("First question", query(COUNT));
    model.on("Second question", query("select count(*) as invoices from invoice"));
    const agent = talk(t);
    await run(agent, "First question", { forwardedProps: chinook });
    const { events, result } = await run(agent, "Second question", { forwardedProps: chinook });
    assert.equal(result.query, "select count(*) as invoices from invoice");
    const echoed = events.find((event) => event.type === "RUN_STARTED").input.messages;
    assert.deepEqual(echoed.map((message) => message.content), ["Second question"]);
    assert.equal(agent.messages.filter((message) => message.role === "user").length, 2);
  });

  test("what a second tab gets as a snapshot are the messages the first one has", async (t) => {
    model.on("Seen by two tabs", query("select first_name from customer order by customer_id limit 2"));
    const agent = talk(t);
    await run(agent, "Seen by two tabs", { forwardedProps: chinook });
    const tab = await Line.open(server, agent.threadId);
    await tab.until("the snapshot is whole", (event) => event.type === "RUN_FINISHED");
    const messages = await messagesOf(tab.events);
    const bare = (list) => list.map(({ id, role, content, activityType }) => ({ id, role, content, activityType }));
    assert.deepEqual(bare(messages), bare(agent.messages));
    await tab.close();
  });
});

describe("with the built-in generator", () => {
  let server, chinook;
  before(async () => {
    server = await Server.start();
    chinook = { qf: { datasetId: await server.dataset("Chinook") } };
  });
  after(() => server?.stop());

  test("a question is answered without any model", async (t) => {
    const agent = new SocketAgent(server, { threadId: newId() });
    t.after(() => agent.close());
    const { events, result, failure } = await run(agent, "How many customers are there?", { forwardedProps: chinook });
    assert.equal(failure, undefined);
    assert.equal(result.generator.kind, "builtin");
    assert.equal(transcript(events).find((line) => line.startsWith("rows")), "rows [[59]]");
    assert.match(result.answer, /59/);
    assert.match(agent.messages.at(-1).content, /59/);
  });
});
