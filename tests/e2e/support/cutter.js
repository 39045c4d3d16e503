/** A TCP proxy between a client and the server that cuts connections in mid-stream, as a network does. */
import { connect, createServer } from "node:net";

export class Cutter {
  /** How many connections were cut. */
  cuts = 0;
  #pairs = new Set();
  #server;

  static async start(server) {
    const cutter = new Cutter();
    cutter.#server = createServer((client) => {
      const upstream = connect(server.port, "127.0.0.1");
      const pair = { client, upstream };
      cutter.#pairs.add(pair);
      for (const [from, to] of [[client, upstream], [upstream, client]]) {
        from.on("error", () => {});
        from.on("close", () => {
          cutter.#pairs.delete(pair);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    await new Promise((resolve) => cutter.#server.listen(0, "127.0.0.1", resolve));
    return cutter;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Every connection is reset, at once and without a word; new ones may be made. */
  cut() {
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
      this.cuts++;
    }
    this.#pairs.clear();
  }

  async stop() {
    for (const { client, upstream } of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
