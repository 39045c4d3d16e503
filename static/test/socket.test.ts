import { describe, expect, test } from "vitest";
import { backoffMs, SILENCE_MS, Socket, type Connection, type Line, type Surroundings } from "../src/core/socket";
import type { ServerFrame } from "../src/core/wire";

/** A clock that moves when told, lines that open when told, and dice that always fall the same. */
class Stage implements Surroundings {
  time = 0;
  online = true;
  dice = 0.5;
  lines: FakeLine[] = [];
  wake: ((why: "online" | "offline" | "visible") => void) | null = null;
  private timers = new Map<number, { at: number; run: () => void }>();
  private nextTimer = 1;

  dial(path: string): Line {
    const line = new FakeLine(path);
    this.lines.push(line);
    return line;
  }
  now = (): number => this.time;
  random = (): number => this.dice;
  isOnline = (): boolean => this.online;
  setTimeout(run: () => void, ms: number): number {
    this.timers.set(this.nextTimer, { at: this.time + ms, run });
    return this.nextTimer++;
  }
  clearTimeout(timer: unknown): void {
    this.timers.delete(timer as number);
  }
  onWake(wake: (why: "online" | "offline" | "visible") => void): () => void {
    this.wake = wake;
    return () => (this.wake = null);
  }
  get last(): FakeLine {
    return this.lines.at(-1)!;
  }
  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, t]) => t.at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.time = due[1].at;
      due[1].run();
    }
    this.time = until;
  }
}

class FakeLine implements Line {
  sent: string[] = [];
  closed = false;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  constructor(readonly path: string) {}
  send(data: string): void {
    this.sent.push(data);
  }
  close(): void {
    this.closed = true;
  }
  open(): void {
    this.onopen?.(undefined as never);
  }
  says(frame: object | string): void {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }
  drops(code = 1006): void {
    this.onclose?.({ code });
  }
}

function follow(): { stage: Stage; socket: Socket; frames: ServerFrame[]; opens: (number | null)[]; closes: number[]; connections: Connection[]; cursor: { at: number } } {
  const stage = new Stage();
  const cursor = { at: 0 };
  const frames: ServerFrame[] = [];
  const opens: (number | null)[] = [];
  const closes: number[] = [];
  const connections: Connection[] = [];
  const socket = new Socket("c-1", { cursor: () => cursor.at, onFrame: (f) => frames.push(f), onOpen: (a) => opens.push(a), onClose: (c) => closes.push(c), onConnection: (c) => connections.push(c) }, stage);
  return { stage, socket, frames, opens, closes, connections, cursor };
}

describe("coming back", () => {
  test("the first line asks for a snapshot, every later one for what came after the cursor", () => {
    const { stage, opens, cursor } = follow();
    expect(stage.last.path).toBe("/ws/c-1");
    stage.last.open();
    cursor.at = 41;
    stage.last.drops();
    stage.pass(10_000);
    expect(stage.last.path).toBe("/ws/c-1?after=41");
    stage.last.open();
    expect(opens).toEqual([null, 41]);
  });

  test("a cursor that is gone (4410) is not asked for again: back at once, for a snapshot", () => {
    const { stage, opens, cursor } = follow();
    stage.last.open();
    stage.last.says({ type: "ping" });
    cursor.at = 41;
    stage.last.drops(4410);
    expect(stage.lines).toHaveLength(2);
    expect(stage.last.path).toBe("/ws/c-1");
    stage.last.open();
    expect(opens).toEqual([null, null]);
  });

  test("4410 again and again is not a busy loop", () => {
    const { stage } = follow();
    for (let i = 0; i < 5; i++) stage.last.drops(4410);
    expect(stage.lines.length).toBeLessThanOrEqual(2);
  });

  test("it never gives up", () => {
    const { stage } = follow();
    for (let i = 0; i < 200; i++) {
      stage.last.drops();
      stage.pass(10_000);
    }
    expect(stage.lines).toHaveLength(201);
  });

  test("the wait is told truthfully", () => {
    const { stage, connections } = follow();
    stage.last.drops();
    expect(connections.at(-1)).toEqual({ is: "waiting", at: 750, tries: 1 });
    stage.pass(749);
    expect(stage.lines).toHaveLength(1);
    stage.pass(1);
    expect(stage.lines).toHaveLength(2);
  });

  test("a door that opens and shuts again does not reset the wait; a frame does", () => {
    const { stage, connections } = follow();
    const wait = (): number => (connections.at(-1) as { at: number }).at - stage.time;
    for (let i = 0; i < 6; i++) {
      stage.last.open();
      stage.last.drops();
      if (i < 5) stage.pass(10_000);
    }
    expect(wait()).toBe(5250);
    stage.pass(10_000);
    stage.last.open();
    stage.last.says({ type: "ping" });
    stage.last.drops();
    expect(wait()).toBe(750);
  });

  test.each([
    [4401, "ended"],
    [4403, "ended"],
    [4404, "ended"],
    [1000, "waiting"],
    [1001, "waiting"],
    [1011, "waiting"],
    [1012, "waiting"],
    [4400, "waiting"],
    [4408, "waiting"],
    [4429, "waiting"],
    [4503, "waiting"],
  ])("close code %i leaves it %s", (code, is) => {
    const { stage, connections } = follow();
    stage.last.open();
    stage.last.drops(code);
    expect(connections.at(-1)!.is).toBe(is);
    stage.pass(60_000);
    expect(stage.lines.length > 1).toBe(is === "waiting");
  });

  test("a closed socket stays closed", () => {
    const { stage, socket } = follow();
    socket.close();
    stage.pass(120_000);
    expect(stage.lines).toHaveLength(1);
    expect(stage.last.closed).toBe(true);
    expect(stage.wake).toBeNull();
  });

  test("reconnecting now does not disturb a try that is under way", () => {
    const { stage, socket } = follow();
    socket.reconnectNow();
    expect(stage.lines).toHaveLength(1);
    stage.last.drops();
    socket.reconnectNow();
    expect(stage.lines).toHaveLength(2);
  });
});

describe("liveness", () => {
  test("40 s without a frame, and the line is dead", () => {
    const { stage, closes } = follow();
    stage.last.open();
    stage.pass(SILENCE_MS - 1);
    expect(closes).toEqual([]);
    stage.pass(1);
    expect(closes).toEqual([1006]);
    stage.pass(10_000);
    expect(stage.lines).toHaveLength(2);
  });

  test("pings keep it alive and are not passed on", () => {
    const { stage, frames } = follow();
    stage.last.open();
    for (let i = 0; i < 20; i++) {
      stage.pass(15_000);
      stage.last.says({ type: "ping" });
    }
    expect(stage.lines).toHaveLength(1);
    expect(frames).toEqual([]);
  });

  test("a line that never opens is tried again", () => {
    const { stage } = follow();
    stage.pass(30_000);
    expect(stage.lines.length).toBeGreaterThan(1);
  });

  test("the network coming back is not waited for, and the old line is not trusted", () => {
    const { stage, closes } = follow();
    stage.last.open();
    stage.wake!("online");
    expect(stage.lines).toHaveLength(2);
    expect(stage.lines[0]!.closed).toBe(true);
    expect(closes).toEqual([1006]);
  });

  test("coming back to the page keeps a fresh line and replaces a doubtful one", () => {
    const { stage } = follow();
    stage.last.open();
    stage.pass(10_000);
    stage.wake!("visible");
    expect(stage.lines).toHaveLength(1);
    stage.pass(15_000);
    stage.wake!("visible");
    expect(stage.lines).toHaveLength(2);
  });

  test("offline is said, and nothing is tried until the network is back", () => {
    const { stage, connections } = follow();
    stage.last.open();
    stage.online = false;
    stage.last.drops();
    expect(connections.at(-1)).toEqual({ is: "offline" });
    stage.pass(600_000);
    expect(stage.lines).toHaveLength(1);
    stage.online = true;
    stage.wake!("online");
    expect(stage.lines).toHaveLength(2);
  });
});

describe("frames", () => {
  test("what is not a frame is passed over", () => {
    const { stage, frames } = follow();
    stage.last.open();
    for (const odd of ["", "{", "null", "7", '"x"', "[]", "{}"]) stage.last.says(odd);
    stage.last.says({ type: "RUN_ERROR", message: "m" });
    expect(frames).toEqual([{ type: "RUN_ERROR", message: "m" }]);
  });

  test("a line that was replaced is not listened to", () => {
    const { stage, frames } = follow();
    const old = stage.last;
    old.open();
    const said = old.onmessage!;
    stage.wake!("online");
    said({ data: '{"type":"RUN_ERROR","message":"late"}' });
    expect(frames).toEqual([]);
  });

  test("sending on a closed line says so", () => {
    const { stage, socket } = follow();
    expect(socket.send({ type: "abort", runId: "r" })).toBe(false);
    stage.last.open();
    expect(socket.send({ type: "abort", runId: "r" })).toBe(true);
    expect(stage.last.sent).toEqual(['{"type":"abort","runId":"r"}']);
  });
});

describe("backoff", () => {
  test.each([
    [0, 500, 1000],
    [1, 500, 2000],
    [2, 500, 4000],
    [3, 500, 8000],
    [4, 500, 10_000],
    [50, 500, 10_000],
  ])("try %i waits between %i and %i ms", (tries, low, high) => {
    expect(backoffMs(tries, 0)).toBe(low);
    expect(backoffMs(tries, 1)).toBe(high);
  });
});
