/**
 * The public AG-UI client on our WebSocket. Its pipeline checks every event against the schemas and the order of
 * events, and throws; nothing of that is switched off here.
 */
import { AbstractAgent } from "@ag-ui/client";
import { from, Observable } from "rxjs";
import WebSocket from "ws";

/** A client of a few lines: one socket per conversation, open from run to run. */
export class SocketAgent extends AbstractAgent {
  #socket;
  #running;

  constructor(server, config = {}) {
    super(config);
    this.#socket = new WebSocket(`${server.url.replace("http", "ws")}/ws/${this.threadId}`, "ag-ui.v1");
    this.open = new Promise((resolve, reject) => this.#socket.on("open", resolve).on("error", reject));
  }

  run(input) {
    this.#running = input.runId;
    return new Observable((subscriber) => {
      const onMessage = (data) => {
        const event = JSON.parse(data);
        if (event.type === "ping") return;
        if (event.type === "error") return subscriber.error(Object.assign(new Error(event.message), { code: event.code }));
        subscriber.next(event);
        if (event.type === "RUN_FINISHED" || event.type === "RUN_ERROR") subscriber.complete();
      };
      this.#socket.on("message", onMessage);
      void this.open.then(() => this.#socket.send(JSON.stringify(input)));
      return () => this.#socket.off("message", onMessage);
    });
  }

  abortRun() {
    this.#socket.send(JSON.stringify({ type: "abort", runId: this.#running }));
  }

  close() {
    this.#socket.close();
  }
}

/** Events that came over any door, given to the public client; resolves to the messages it ends up with. */
export async function messagesOf(events) {
  const agent = new (class extends AbstractAgent {
    run() {
      return from(events);
    }
  })();
  await agent.runAgent();
  return agent.messages;
}
