import { describe, expect, test } from "vitest";
import { addressOf, pageAt, type Page } from "../src/core/page";
import { saidIn } from "../src/views/datasets/Descriptions";
import { placeOf } from "../src/views/datasets/mend";
import { daily } from "../src/views/datasets/daily";

const ID = "6f8ae29c-1f5d-4e7f-8f4f-0b6fba0f1a01";

test.each<[Page, string]>([
  [{ is: "datasets" }, "/datasets"],
  [{ is: "onboarding" }, "/datasets/new"],
  [{ is: "dataset", id: ID, tab: "overview" }, `/datasets/${ID}`],
  [{ is: "dataset", id: ID, tab: "stats" }, `/datasets/${ID}/stats`],
  [{ is: "dataset", id: ID, tab: "schema", table: "sales.order lines" }, `/datasets/${ID}/schema?table=sales.order+lines`],
  [{ is: "dataset", id: ID, tab: "examples", example: "e-1" }, `/datasets/${ID}/examples/e-1`],
])("%j has an address that leads back to it", (page, address) => {
  expect(addressOf(page)).toBe(address);
  const { pathname, search } = new URL(address, "http://here");
  expect(pageAt(pathname, search)).toEqual(page);
});

test.each([
  ["/", null],
  ["/c/6f8ae29c", null],
  [`/datasets/${ID}/nonsense`, { is: "dataset", id: ID, tab: "overview" }],
  ["/datasets/%E0%A4%A/stats", { is: "dataset", id: "%E0%A4%A", tab: "stats" }],
  ["/datasets/", { is: "datasets" }],
])("%s", (path, page) => expect(pageAt(path, "")).toEqual(page));

describe("what is typed about a column", () => {
  test("words are split, and values get their meanings", () => {
    expect(saidIn("orders", "status", { description: " of the delivery ", synonyms: "state, ,phase", meanings: "A = active\n\nX=a = b" })).toEqual({
      table: "orders",
      column: "status",
      description: "of the delivery",
      synonyms: ["state", "phase"],
      meanings: [
        { value: "A", meaning: "active" },
        { value: "X", meaning: "a = b" },
      ],
    });
  });
  test("a value without a meaning is told, not dropped", () => {
    expect(() => saidIn("orders", "status", { description: "", synonyms: "", meanings: "A active" })).toThrow(/“A active” has no meaning/);
  });
});

test.each([
  ["orders", { table: "orders" }],
  ["orders.total", { table: "orders", column: "total" }],
  ["sales.orders.total", { table: "sales.orders", column: "total" }],
])("%s is a place", (text, place) => expect(placeOf(text)).toEqual(place));

test("days without a question are drawn as such, and thirty at least", () => {
  const [days, questions, good, confidence] = daily([
    { day: "2026-11-01", questions: 4, good: 3, average_confidence: 0.8 },
    { day: "2026-11-04", questions: 2, good: 2, average_confidence: null },
  ]);
  expect(days).toHaveLength(30);
  expect(questions.slice(-5)).toEqual([0, 4, 0, 0, 2]);
  expect(good.slice(-4)).toEqual([3, 0, 0, 2]);
  expect(confidence.slice(-4)).toEqual([0.8, null, null, null]);
});
