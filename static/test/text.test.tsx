// @vitest-environment happy-dom
import { render as draw } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, test } from "vitest";
import { tokens } from "../src/views/chat/sql";
import { StreamedCode } from "../src/views/chat/StreamedCode";

const coloured = (sql: string): string =>
  tokens(sql)
    .filter((t) => t.kind !== "plain" && t.kind !== "punctuation")
    .map((t) => `${t.kind}:${sql.slice(t.from, t.to)}`)
    .join(" ");

describe("colours of SQL", () => {
  test.each([
    ["SELECT a FROM t", "keyword:SELECT keyword:FROM"],
    ["select 'it''s', 1.5e3", "keyword:select string:'it''s' number:1.5e3"],
    [`select "a b", \`c\``, 'keyword:select quoted:"a b" quoted:`c`'],
    ["-- all of it\nselect", "comment:-- all of it keyword:select"],
    ["/* over\nlines */ select", "comment:/* over\nlines */ keyword:select"],
    ["/* not closed", "comment:/* not closed"],
    ["'not closed", "string:'not closed"],
    ["select_list, fromage, x1", ""],
    ["größe as maß", "keyword:as"],
    ["", ""],
  ])("%j", (sql, expected) => expect(coloured(sql)).toBe(expected));

  test("every character belongs to exactly one token, wherever a text is cut", () => {
    const sql = `SELECT c."n", 'x''y', 1.5 -- é\nFROM t /* z */ WHERE a<>'\u{1F600}' AND b @> $1;`;
    for (let to = 0; to <= sql.length; to++) {
      const cut = sql.slice(0, to);
      expect(tokens(cut).map((t) => cut.slice(t.from, t.to)).join("")).toBe(cut);
    }
  });
});

describe("a query that streams in", () => {
  const show = async (host: HTMLElement, text: string, open = true): Promise<void> => {
    await act(() => draw(<StreamedCode text={text} open={open} testid="query" />, host));
  };

  test("however it is cut, it reads as the whole text coloured at once", async () => {
    const sql = "SELECT name, 'a''b' AS x -- note\nFROM customers\nWHERE id >= 10";
    const whole = document.createElement("div");
    await show(whole, sql, false);
    for (const size of [1, 2, 3, 7]) {
      const host = document.createElement("div");
      for (let to = size; to < sql.length + size; to += size) await show(host, sql.slice(0, to));
      await show(host, sql, false);
      expect(host.querySelector("code")!.textContent).toBe(sql);
      expect(host.querySelector("code")!.innerHTML).toBe(whole.querySelector("code")!.innerHTML);
    }
  });

  test("what is drawn is left alone: the nodes before the last word stay the same nodes", async () => {
    const host = document.createElement("div");
    await show(host, "SELECT name FROM ");
    const first = [...host.querySelector("code")!.childNodes].slice(0, -1);
    await show(host, "SELECT name FROM customers");
    expect([...host.querySelector("code")!.childNodes].slice(0, first.length)).toEqual(first);
    first.forEach((node, i) => expect(host.querySelector("code")!.childNodes[i]).toBe(node));
  });

  test("another text replaces it, and markup in it is text", async () => {
    const host = document.createElement("div");
    await show(host, "SELECT 1");
    await show(host, "<img src=x onerror=alert(1)>");
    expect(host.querySelector("code")!.textContent).toBe("<img src=x onerror=alert(1)>");
    expect(host.querySelector("img")).toBeNull();
  });
});
