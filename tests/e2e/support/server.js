/** The real program, started as its users start it, in a directory of its own below the system's temporary one. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deadline } from "./wait.js";

const BINARY = process.env.QF_BINARY ?? fileURLToPath(new URL("../../../target/debug/queryforge", import.meta.url));
const PREFIX = join(tmpdir(), "queryforge-e2e-");
/** The last of what it logs is shown when something goes wrong. */
const LOG_LINES = 60;

export class Server {
  #child = null;
  #log = [];
  #dir;
  #env;
  /** `{code, signal}` once it has ended. */
  exited;

  /**
   * A server with a fresh data directory; `model` is a ScriptedModel, without one the built-in generator answers.
   * Limits per minute are off, because tests ask faster than people.
   */
  static async start({ model = null, env = {} } = {}) {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is not there: run cargo build, or name it in QF_BINARY`);
    const server = new Server();
    server.#dir = await mkdtemp(PREFIX);
    // PostgreSQL does not run as root: the user it runs as must be able to walk in
    await chmod(server.#dir, 0o755);
    server.#env = {
      PATH: process.env.PATH,
      HOME: server.#dir,
      LANG: "C.UTF-8",
      QF_DATA_DIR: join(server.#dir, "data"),
      QF_OLLAMA_DISCOVERY: "off",
      QF_SUBMITS_PER_MINUTE: "0",
      // what tests stop is meant to be long
      QF_ASK_ABOVE_ROWS: "0",
      QF_RUNNING_TURNS: "0",
      QF_SOCKETS: "0",
      QF_EXECUTES_PER_MINUTE: "0",
      QF_REFRESHES_PER_MINUTE: "0",
      ...(model ? { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: model.name } : {}),
      ...env,
    };
    try {
      await server.#launch(0);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async #launch(port) {
    const child = spawn(BINARY, [], { cwd: this.#dir, env: { ...this.#env, PORT: String(port) }, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.exited = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
    process.on("exit", () => child.kill("SIGKILL"));
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#log.push(...text.split("\n").filter(Boolean));
      this.#log.splice(0, this.#log.length - LOG_LINES);
    });
    let said = "";
    const address = new Promise((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text) => {
        said += text;
        const found = /QueryForge is at (http:\/\/\S+)\n/.exec(said);
        if (found) resolve(found[1]);
      });
    });
    const died = this.exited.then(({ code, signal }) => {
      throw new Error(`the server ended (${code ?? signal}) before it was ready:\n${this.log}`);
    });
    died.catch(() => {});
    this.url = await deadline(() => `the server is ready; its log:\n${this.log}`, Promise.race([address, died]), 90_000);
    this.port = Number(new URL(this.url).port);
  }

  get log() {
    return this.#log.join("\n");
  }

  /** As when the machine loses power, for this process. */
  async kill() {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  /** Comes back on the same port with the same data. */
  async again() {
    await this.#launch(this.port);
  }

  /** Asks it to stop, waits until it has, and removes its directory. */
  async stop() {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill("SIGTERM");
      try {
        await deadline(() => `the server has stopped; its log:\n${this.log}`, this.exited, 30_000);
      } finally {
        this.#child.kill("SIGKILL");
      }
    }
    if (!this.#dir.startsWith(PREFIX)) throw new Error(`${this.#dir} is not ours to remove`);
    await rm(this.#dir, { recursive: true, force: true });
  }

  async get(path) {
    const response = await fetch(`${this.url}/api/v1${path}`);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async dataset(name) {
    const { items } = await this.get("/schemas");
    const found = items.find((item) => item.name === name);
    if (!found) throw new Error(`there is no dataset ${name} among ${items.map((item) => item.name).join(", ")}`);
    return found.dataset_id;
  }
}
