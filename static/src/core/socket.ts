/**
 * One WebSocket that keeps following one conversation: it comes back by itself, for ever, and asks for what it missed.
 *
 * It knows frames, silence and close codes, and nothing of turns. The clock, the dice and the WebSocket class are
 * passed in, so that a test can be all three.
 */
import { CURSOR_GONE, FINAL_CLOSE_CODES, SUBPROTOCOL, type ClientFrame, type ServerFrame } from "./wire";

/** The server pings after 15 s of silence; after two missed pings and some slack the line is dead. */
export const SILENCE_MS = 40_000;
/** A line that missed one ping is not trusted when the reader comes back to the page. */
const DOUBTFUL_MS = 20_000;
const OPENING_MS = 15_000;
const BACKOFF_MIN_MS = 500;
const BACKOFF_MAX_MS = 10_000;

export type Connection =
  | { is: "connecting" }
  | { is: "open" }
  /** Lost; the next try is at `at` (ms since the epoch). */
  | { is: "waiting"; at: number; tries: number }
  | { is: "offline" }
  /** Over: trying again would not help. */
  | { is: "ended"; code: number };

export interface Line {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: never) => void) | null;
}

export interface Surroundings {
  /** Opens a line to a path such as `/ws/<id>?after=7`. */
  dial(path: string, subprotocol: string): Line;
  now(): number;
  random(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  isOnline(): boolean;
  /** Calls back when the network or the page comes back; returns how to stop listening. */
  onWake(wake: (why: "online" | "offline" | "visible") => void): () => void;
}

export interface Listener {
  /** The last sequence seen, or 0. */
  cursor(): number;
  onFrame(frame: ServerFrame): void;
  /** `after` is the cursor asked for, or null when the server will send a snapshot. */
  onOpen(after: number | null): void;
  onClose(code: number): void;
  onConnection(connection: Connection): void;
}

export class Socket {
  private line: Line | null = null;
  private isOpen = false;
  private stopped = false;
  private withoutCursor = false;
  private tries = 0;
  private heardAt = 0;
  private retryTimer: unknown = null;
  private silenceTimer: unknown = null;
  private readonly stopListening: () => void;

  constructor(
    private readonly conversationId: string,
    private readonly listener: Listener,
    private readonly around: Surroundings = browser,
  ) {
    this.stopListening = around.onWake((why) => this.wake(why));
    this.connect();
  }

  /** False when the line is not open: nothing was sent, and nothing is queued here. */
  send(frame: ClientFrame): boolean {
    if (!this.isOpen || !this.line) return false;
    this.line.send(JSON.stringify(frame));
    return true;
  }

  /** Tries now instead of waiting for the next try; nothing when a try is under way. */
  reconnectNow(): void {
    if (this.stopped || this.line) return;
    this.connect();
  }

  close(): void {
    this.stopped = true;
    this.stopListening();
    this.drop(1000);
    this.clearTimers();
  }

  private connect(): void {
    this.drop(1000);
    this.clearTimers();
    const cursor = this.withoutCursor ? 0 : this.listener.cursor();
    const after = cursor > 0 ? cursor : null;
    const path = `/ws/${encodeURIComponent(this.conversationId)}${after === null ? "" : `?after=${after}`}`;
    this.listener.onConnection({ is: "connecting" });
    const line = this.around.dial(path, SUBPROTOCOL);
    this.line = line;
    this.silenceTimer = this.around.setTimeout(() => this.lost(line, 1006), OPENING_MS);

    line.onopen = () => {
      if (this.line !== line) return;
      this.isOpen = true;
      this.withoutCursor = false;
      this.hear();
      this.listener.onConnection({ is: "open" });
      this.listener.onOpen(after);
    };
    line.onmessage = ({ data }) => {
      if (this.line !== line) return;
      this.hear();
      // Only a frame proves that the server is well: a door that opens and shuts again keeps us backing off.
      this.tries = 0;
      const frame = decode(data);
      if (frame && frame.type !== "ping") this.listener.onFrame(frame);
    };
    line.onerror = () => {};
    line.onclose = ({ code }) => this.lost(line, code);
  }

  private hear(): void {
    this.heardAt = this.around.now();
    if (this.silenceTimer !== null) this.around.clearTimeout(this.silenceTimer);
    const line = this.line;
    this.silenceTimer = this.around.setTimeout(() => line && this.lost(line, 1006), SILENCE_MS);
  }

  private lost(line: Line, code: number): void {
    if (this.line !== line) return;
    this.drop(1000);
    this.clearTimers();
    if (code === CURSOR_GONE) this.withoutCursor = true;
    this.listener.onClose(code);
    if (FINAL_CLOSE_CODES.has(code)) {
      this.stopped = true;
      this.stopListening();
      this.listener.onConnection({ is: "ended", code });
      return;
    }
    if (!this.around.isOnline()) {
      this.listener.onConnection({ is: "offline" });
      return;
    }
    // Nothing was wrong with the line: only our cursor was too old.
    if (code === CURSOR_GONE && this.tries === 0) {
      this.tries += 1;
      this.connect();
      return;
    }
    const wait = backoffMs(this.tries, this.around.random());
    this.tries += 1;
    this.listener.onConnection({ is: "waiting", at: this.around.now() + wait, tries: this.tries });
    this.retryTimer = this.around.setTimeout(() => this.connect(), wait);
  }

  private wake(why: "online" | "offline" | "visible"): void {
    if (this.stopped) return;
    if (why === "offline") {
      if (this.around.isOnline()) return;
      if (this.line) this.lost(this.line, 1006);
      else this.clearTimers();
      this.listener.onConnection({ is: "offline" });
      return;
    }
    // A network that came back may be another one, on which the old line is dead but does not know it.
    const doubtful = why === "online" || this.around.now() - this.heardAt > DOUBTFUL_MS;
    if (this.isOpen && !doubtful) return;
    const wasOpen = this.isOpen;
    this.drop(1000);
    if (wasOpen) this.listener.onClose(1006);
    this.tries = 0;
    this.connect();
  }

  private drop(code: number): void {
    const line = this.line;
    this.line = null;
    this.isOpen = false;
    if (!line) return;
    line.onopen = line.onmessage = line.onclose = null;
    try {
      line.close(code);
    } catch {
      // A line that never opened may refuse; it is gone either way.
    }
  }

  private clearTimers(): void {
    if (this.retryTimer !== null) this.around.clearTimeout(this.retryTimer);
    if (this.silenceTimer !== null) this.around.clearTimeout(this.silenceTimer);
    this.retryTimer = this.silenceTimer = null;
  }
}

/** Full jitter between 0.5 s and a ceiling that doubles from 1 s to 10 s. */
export function backoffMs(tries: number, random: number): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, 2 * BACKOFF_MIN_MS * 2 ** Math.min(tries, 10));
  return Math.round(BACKOFF_MIN_MS + random * (ceiling - BACKOFF_MIN_MS));
}

function decode(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof (frame as ServerFrame | null)?.type === "string" ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}

const browser: Surroundings = {
  dial: (path, subprotocol) => new WebSocket(new URL(path, location.href.replace(/^http/, "ws")), subprotocol) as unknown as Line,
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
  // A server on this machine is reached without a network.
  isOnline: () => navigator.onLine || /^(localhost|127\..*|\[::1\])$/.test(location.hostname),
  onWake(wake) {
    const stop = new AbortController();
    const on = { signal: stop.signal };
    addEventListener("online", () => wake("online"), on);
    addEventListener("offline", () => wake("offline"), on);
    addEventListener("pageshow", (event) => event.persisted && wake("visible"), on);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake("visible"), on);
    return () => stop.abort();
  },
};
