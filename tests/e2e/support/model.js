/**
 * A language model that says what a test wrote: an OpenAI-compatible endpoint on a port of its own.
 *
 * Replies are chosen by the question that stands in the prompt, so tests may run side by side. What was asked, and
 * whether the asker hung up before the reply was over, is kept in `requests`.
 */
import { createServer } from "node:http";
import { deadline } from "./wait.js";

/** A reply that holds a query, in the form the prompt asks for. */
export function query(sql, { explanation = "As asked.", confidence = 0.95 } = {}) {
  return `\`\`\`sql\n${sql}\n\`\`\`\nExplanation: ${explanation}\nConfidence: ${confidence}\n`;
}

/** A reply that asks back. */
export function clarify(message, ...options) {
  return `CLARIFY: ${message}\n${options.map((option) => `- ${option}`).join("\n")}\n`;
}

/** A reply that goes on naming columns until the test lets go: what is to happen in mid-stream does, however slow the machine. */
export function endless(sql, { everyMs = 25 } = {}) {
  // the fence, "select", columns that were not asked for, then those that were
  return { text: query(sql), everyMs, talkAfter: 2, talk: (n) => ` ${n} as d${n},` };
}

/** The query in what a model said. */
export function queryIn(said) {
  return /```sql\n([^]*?)\n```/.exec(said)[1];
}

/** After so many pieces an endless reply falls silent: a query may have only so many columns. */
const MOST_TALK = 1_200;

export class ScriptedModel {
  name = "scripted-1";
  /** In the order they came: `{question, prompt, said, ended}`, where `ended` resolves to `{how, at}`. */
  requests = [];
  #scripts = new Map();
  #patterns = [];
  #waiting = [];
  /** Told when anything is let go. */
  #holding = new Set();
  #server = createServer((request, response) => void this.#answer(request, response));

  static async start() {
    const model = new ScriptedModel();
    await new Promise((resolve) => model.#server.listen(0, "127.0.0.1", resolve));
    return model;
  }

  get baseUrl() {
    return `http://127.0.0.1:${this.#server.address().port}/v1`;
  }

  /**
   * What the model says to a question: the first call gets the first reply, the last reply repeats.
   *
   * A reply is a text, or `{text, everyMs, tokens, holdAfter, talkAfter, talk, stallAfter, status}`: `everyMs` between
   * tokens, `holdAfter` so many (a number or several) silent until the test lets go with `release`, `talkAfter` so many
   * saying `talk(0)`, `talk(1)` and so on until then, `stallAfter` so many silent for ever, `status` and no text at all.
   */
  on(question, ...replies) {
    this.#scripts.set(question, { replies, calls: 0, holds: 0, released: 0 });
    return this;
  }

  /** As `on`, for whatever is asked in words that the pattern finds. */
  onLike(pattern, ...replies) {
    this.#patterns.push({ pattern, script: { replies, calls: 0, holds: 0, released: 0 } });
    return this;
  }

  /** Lets a held reply go on, to its next hold; one let go before it was reached holds nothing. */
  release(question) {
    this.#scripts.get(question).released++;
    for (const tell of this.#holding) tell();
  }

  /** The next request about this question, or the one that came already. */
  async asked(question, nth = 1) {
    const seen = () => this.requests.filter((request) => request.question === question)[nth - 1];
    if (!seen()) {
      await deadline(`the model is asked: ${question}`, new Promise((resolve) => this.#waiting.push(() => seen() && resolve())));
    }
    return seen();
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    let body = "";
    for await (const piece of request) body += piece;
    if (request.method === "GET") return json(response, 200, { object: "list", data: [{ id: this.name, object: "model" }] });
    const { messages, stream } = JSON.parse(body);
    const prompt = messages.map((message) => message.content).join("\n");
    const question = lastBetween(prompt, "question");
    let settle;
    const record = { question, prompt, said: "", ended: new Promise((resolve) => (settle = resolve)) };
    response.on("close", () => settle({ how: response.writableFinished ? "finished" : "aborted", at: performance.now() }));
    this.requests.push(record);
    for (const tell of this.#waiting) tell();

    const script = this.#scripts.get(question) ?? this.#patterns.find(({ pattern }) => pattern.test(question))?.script;
    if (!script) return json(response, 400, { error: { message: `the test wrote no reply to: ${question}` } });
    const reply = script.replies[Math.min(script.calls++, script.replies.length - 1)];
    const { text = "", everyMs = 0, holdAfter = [], talkAfter = Infinity, talk, stallAfter = Infinity, status = 200, tokens = tokensOf(text) } = typeof reply === "string" ? { text: reply } : reply;
    const holds = [holdAfter].flat();
    if (status !== 200) return json(response, status, { error: { message: "the scripted model fails here" } });
    if (!stream) return json(response, 200, { choices: [{ index: 0, message: { role: "assistant", content: tokens.join("") }, finish_reason: "stop" }] });

    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (chunk) => response.write(`data: ${typeof chunk === "string" ? chunk : JSON.stringify({ id: "1", object: "chat.completion.chunk", model: this.name, ...chunk })}\n\n`);
    const say = async (content) => {
      if (everyMs) await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (response.destroyed) return;
      record.said += content;
      send({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    };
    for (const [at, content] of tokens.entries()) {
      if (at >= stallAfter) return;
      if (at === talkAfter) await this.#held(script, response, (n) => say(talk(n)));
      if (holds.includes(at)) await this.#held(script, response);
      await say(content);
      if (response.destroyed) return;
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    send({ choices: [], usage: { prompt_tokens: 100, completion_tokens: tokens.length, total_tokens: 100 + tokens.length } });
    send("[DONE]");
    response.end();
  }

  /** Until the test lets go, or the asker has hung up; `meanwhile` is done again and again until then. */
  async #held(script, response, meanwhile) {
    const mine = script.holds++;
    const isHeld = () => script.released <= mine && !response.destroyed;
    for (let n = 0; meanwhile && n < MOST_TALK && isHeld(); n++) await meanwhile(n);
    if (!isHeld()) return;
    let look;
    await new Promise((resolve) => {
      look = () => isHeld() || resolve();
      this.#holding.add(look);
      response.on("close", look);
    });
    this.#holding.delete(look);
  }
}

function json(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function tokensOf(text) {
  return text.match(/\s*\S+\s*?/g) ?? [];
}

function lastBetween(text, tag) {
  const from = text.lastIndexOf(`<${tag}>\n`);
  return from < 0 ? "" : text.slice(from + tag.length + 3, text.indexOf(`\n</${tag}>`, from));
}
