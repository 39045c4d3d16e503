import { describe, expect, test, vi } from "vitest";
import { ApiError, type ResultPage } from "../src/core/api";
import type { Cell, ResultColumn } from "../src/core/wire";
import { cellText, numberText, sortedOrder } from "../src/views/result/cells";
import { Rows } from "../src/views/result/rows";

const column = (name: string, kind = "text"): ResultColumn => ({ name, type: kind, kind });

/** A server that holds `count` rows and gives them out in pages. */
function stored(count: number): { fetchPage: (id: string, cursor: number | string | null, limit: number) => Promise<ResultPage>; asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    async fetchPage(_, cursor, limit) {
      asked.push(cursor);
      const from = Number(cursor ?? 0);
      const to = Math.min(count, from + limit);
      const page: ResultPage = { columns: [column("n", "integer")], rows: Array.from({ length: to - from }, (_, i) => [from + i]), row_count: count, truncated: false };
      return to < count ? { ...page, next_cursor: to } : page;
    },
  };
}

describe("rows page by page", () => {
  test("the first rows come over the wire; the pages after them continue without a gap or a repeat", async () => {
    const server = stored(2500);
    const rows = new Rows("r", { columns: [column("n", "integer")], rows: Array.from({ length: 200 }, (_, i) => [i]), rowCount: 2500, truncated: false }, server.fetchPage);
    expect(rows.loaded.value).toHaveLength(200);
    await rows.all();
    expect(rows.loaded.value.map((r) => r[0])).toEqual(Array.from({ length: 2500 }, (_, i) => i));
    expect(server.asked).toEqual([null, 1000, 2000]);
    expect(rows.isComplete).toBe(true);
  });

  test("a result that fits is never asked for again", async () => {
    const server = stored(2);
    const rows = new Rows("r", { columns: [column("n")], rows: [["a"], ["b"]], rowCount: 2, truncated: false }, server.fetchPage);
    await rows.all();
    expect(server.asked).toEqual([]);
  });

  test("two who wait for more ask once", async () => {
    const server = stored(10);
    const rows = new Rows("r", null, server.fetchPage);
    await Promise.all([rows.more(), rows.more(), rows.upTo(5)]);
    expect(server.asked).toEqual([null]);
    expect(rows.total.value).toBe(10);
  });

  test("rows that are gone say what to do; others can be asked for again", async () => {
    const gone = new Rows("r", null, () => Promise.reject(new ApiError(404, "not_found", "no")));
    await gone.all();
    expect(gone.problem.value).toMatch(/Run the query again/);

    const server = stored(3);
    const flaky = vi.fn(server.fetchPage).mockRejectedValueOnce(new ApiError(503, "x", "The server has a problem."));
    const rows = new Rows("r", null, flaky);
    await rows.more();
    expect(rows.problem.value).toBe("The server has a problem.");
    await rows.retry();
    expect(rows.problem.value).toBeNull();
    expect(rows.loaded.value).toHaveLength(3);
  });
});

describe("how a value reads", () => {
  test.each<[Cell, string]>([
    [null, "NULL"],
    ["", ""],
    [0, "0"],
    [false, "false"],
    ["9007199254740993", "9007199254740993"],
    [{ a: [1] }, '{"a":[1]}'],
    ["<b>x</b>", "<b>x</b>"],
  ])("%j reads %j", (value, text) => expect(cellText(value)).toBe(text));

  test.each<[string, Cell, string]>([
    ["revenue", "1234567.10", "1,234,567.10"],
    ["revenue", "-1234.5", "-1,234.5"],
    ["orders", 999, "999"],
    ["customer_id", 123456, "123456"],
    ["id", 123456, "123456"],
    ["year", 2024, "2024"],
    ["order_year", 2024, "2024"],
    ["ratio", 1e21, "1e+21"],
    ["total", null, "NULL"],
    ["total", "NaN", "NaN"],
  ])("%s %j reads %s", (name, value, text) => expect(numberText(value, column(name, "decimal"))).toBe(text));
});

describe("sorting", () => {
  const sorted = (values: Cell[], kind: string, direction: "ascending" | "descending" = "ascending"): Cell[] => {
    const rows = values.map((v) => [v]);
    return Array.from(sortedOrder(rows, 0, column("c", kind), direction), (i) => values[i]!);
  };
  test.each<[string, string, Cell[], Cell[]]>([
    ["numbers by value, not by letter", "integer", [10, 9, 100], [9, 10, 100]],
    ["decimals as strings, by value", "decimal", ["10.5", "9.75", "-1"], ["-1", "9.75", "10.5"]],
    ["integers beyond 2^53, exactly", "integer", ["9007199254740993", "9007199254740992", "9007199254740994"], ["9007199254740992", "9007199254740993", "9007199254740994"]],
    ["text as people do", "text", ["item 10", "Item 9", "äpfel", "zebra"], ["äpfel", "Item 9", "item 10", "zebra"]],
    ["no before yes", "boolean", [true, false], [false, true]],
    ["dates by their text", "date", ["2024-02-01", "2023-12-31"], ["2023-12-31", "2024-02-01"]],
  ])("%s", (_, kind, values, expected) => expect(sorted(values, kind)).toEqual(expected));

  test("NULL is last, up and down", () => {
    expect(sorted([null, 2, 1], "integer")).toEqual([1, 2, null]);
    expect(sorted([null, 2, 1], "integer", "descending")).toEqual([2, 1, null]);
  });

  test("equal values keep their order", () => {
    const rows: Cell[][] = [["a", 1], ["b", 1], ["c", 0]];
    expect([...sortedOrder(rows, 1, column("n", "integer"), "ascending")]).toEqual([2, 0, 1]);
    expect([...sortedOrder(rows, 1, column("n", "integer"), "descending")]).toEqual([0, 1, 2]);
  });

  test("10,000 rows are sorted while nobody notices", () => {
    const rows: Cell[][] = Array.from({ length: 10_000 }, (_, i) => [String((i * 7919) % 10_007)]);
    const took = Array.from({ length: 10 }, () => {
      const began = performance.now();
      sortedOrder(rows, 0, column("n", "decimal"), "ascending");
      return performance.now() - began;
    });
    // The quickest: a busy machine interrupts some of them, and not what a sort costs.
    expect(Math.min(...took)).toBeLessThan(500);
  });
});
