/** One WebSocket to one conversation, with everything it received, byte for byte. */
import { randomUUID } from "node:crypto";
import WebSocket from "ws";
import { deadline } from "./wait.js";

export class Line {
  /** Texts of the frames, pings left out. */
  texts = [];
  /** The same, decoded. */
  events = [];
  /** The last sequence number, as text: it may not fit a double. */
  seq = null;
  /** Set to stop listening without waiting for anything: nothing is recorded afterwards. */
  isCut = false;
  #waiting = new Set();

  /** `after` null asks for a snapshot, "0" for everything from the beginning. */
  static async open(server, conversation, { after = null, origin, protocol = "ag-ui.v1", onFrame } = {}) {
    const line = new Line();
    line.conversation = conversation;
    line.onFrame = onFrame;
    const query = after === null ? "" : `?after=${encodeURIComponent(after)}`;
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws/${conversation}${query}`, protocol, { origin });
    line.socket = socket;
    line.closed = new Promise((resolve) => socket.on("close", (code, reason) => resolve({ code, reason: String(reason) })));
    socket.on("message", (data) => line.#take(String(data)));
    socket.on("error", () => {});
    const refused = new Promise((_, reject) => {
      socket.on("unexpected-response", (_, response) => reject(Object.assign(new Error(`refused with ${response.statusCode}`), { status: response.statusCode })));
      socket.on("error", reject);
    });
    refused.catch(() => {});
    await deadline("a socket opens", Promise.race([new Promise((resolve) => socket.on("open", resolve)), refused]));
    return line;
  }

  #take(text) {
    if (this.isCut) return;
    const event = JSON.parse(text);
    if (event.type === "ping") return;
    this.texts.push(text);
    this.events.push(event);
    const seq = /"qf\.seq":(\d+)/.exec(text);
    if (seq) this.seq = seq[1];
    for (const tell of [...this.#waiting]) tell();
    this.onFrame?.(this);
  }

  send(frame) {
    this.socket.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Asks; returns the ids it made. */
  ask(question, options = {}) {
    const input = submit(this.conversation, question, options);
    this.send(input);
    return input.runId;
  }

  abort(runId) {
    this.send({ type: "abort", runId });
  }

  /** The first event that fits, come or yet to come. */
  async until(what, fits, ms) {
    const find = () => this.events.find(fits);
    if (!find()) {
      let tell;
      const found = new Promise((resolve) => {
        tell = () => find() && resolve();
        this.#waiting.add(tell);
      });
      try {
        await deadline(() => `${what}; came so far:\n${this.texts.slice(-12).join("\n")}`, found, ms);
      } finally {
        this.#waiting.delete(tell);
      }
    }
    return find();
  }

  started(runId) {
    return this.until(`${runId} starts`, (event) => event.type === "RUN_STARTED" && event.runId === runId);
  }

  /** The event that ends a turn. RUN_ERROR names no turn: it is the first one after its RUN_STARTED. */
  async ended(runId, ms) {
    await this.started(runId);
    return this.until(
      `${runId} ends`,
      (event) => {
        if (event.type === "RUN_FINISHED") return event.runId === runId;
        if (event.type !== "RUN_ERROR") return false;
        const before = this.events.slice(0, this.events.indexOf(event));
        return before.findLast((earlier) => earlier.type === "RUN_STARTED")?.runId === runId;
      },
      ms,
    );
  }

  refused(code) {
    return this.until(`it is refused with ${code}`, (event) => event.type === "error" && event.code === code);
  }

  /** Gone at once, without a word to the server. */
  cut() {
    this.isCut = true;
    this.socket.terminate();
  }

  async close() {
    this.socket.close(1000);
    await deadline("a socket closes", this.closed);
  }
}

export function submit(threadId, question, { runId = randomUUID(), messageId = randomUUID(), datasetId, resume, ...qf } = {}) {
  return {
    threadId,
    runId,
    protocolVersion: "1.0",
    messages: [{ id: messageId, role: "user", content: question }],
    tools: [],
    context: [],
    forwardedProps: { qf: { ...(datasetId ? { datasetId } : {}), ...qf } },
    ...(resume ? { resume } : {}),
  };
}

export function newId() {
  return randomUUID();
}
