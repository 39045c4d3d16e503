/** What a person sees and does, in a real browser on the real program. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { expect, launch, NARROW, openPage, picture, pictureFolder, violations, WIDE } from "./support/browser.js";
import { clarify, query, ScriptedModel } from "./support/model.js";
import { Server } from "./support/server.js";
import { deadline } from "./support/wait.js";

const COUNT = "select count(*) as customers from customer";
const BY_COUNTRY = `select
  c.country,
  sum(i.total) as revenue,
  count(distinct c.customer_id) as customers
from customer c
join invoice i on i.customer_id = c.customer_id
group by c.country
order by revenue desc, c.country
limit 12`;
const BY_MONTH = "select date_trunc('month', invoice_date)::date as month, sum(total) as revenue from invoice group by 1 order by 1";
/** A browser writes this for every response that is an error, also when the page handles it. */
const HANDLED = /Failed to load resource: the server responded with a status of (422|404)/;
const LINE_LOST = /WebSocket connection to .* failed|Failed to load resource: net::ERR_/;

let browser, model, server;
before(async () => {
  model = await ScriptedModel.start();
  [browser, server] = await Promise.all([launch(), Server.start({ model })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await model?.stop();
});

const turns = (page, status) => page.locator(`[data-testid="turn"]${status ? `[data-status="${status}"]` : ""}`);

async function ask(page, question) {
  await page.getByTestId("question").fill(question);
  await page.keyboard.press("Enter");
}

/** Asks, and waits until so many turns have an answer. */
async function answered(page, question, nth = 1) {
  await ask(page, question);
  await turns(page, "succeeded").nth(nth - 1).waitFor();
}

async function choose(page, dataset) {
  await page.getByTestId("dataset-picker").selectOption({ label: dataset });
}

/** Resolves when the text of an element has grown past what it was before `go`. */
async function grows(locator, go) {
  const length = (await locator.textContent()).length;
  go();
  await expect.poll(async () => (await locator.textContent()).length).toBeGreaterThan(length);
}

const conversationOf = (page) => /\/c\/([0-9a-f-]{36})/.exec(page.url())[1];

describe("asking", () => {
  test("stages, the query as it is written, rows, the answer, badges, a thumb up", async (t) => {
    const question = "Which countries bring the most revenue?";
    model.on(question, { text: query(BY_COUNTRY, { explanation: "Revenue is the sum of invoice totals, per country of the customer.", confidence: 0.93 }), holdAfter: [8, 16] });
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await page.getByText("11 tables").waitFor();
    await page.getByTestId("schema-browser").getByText("invoice_line", { exact: true }).waitFor();

    await ask(page, question);
    await turns(page, "running").waitFor();
    await page.getByTestId("stage-query_generation").and(page.locator('[data-state="running"]')).waitFor();
    const written = page.getByTestId("query");
    await written.getByText("select").waitFor();
    await grows(written, () => model.release(question));
    await expect(turns(page, "running"), "the query is seen before it is whole").toHaveCount(1);
    await page.getByTestId("stop").waitFor();
    await picture(page, "running");

    model.release(question);
    await turns(page, "succeeded").waitFor();
    await expect(written).toHaveText(BY_COUNTRY);
    for (const stage of ["intent_classification", "schema_retrieval", "query_analysis", "query_validation", "query_execution"]) {
      await expect(page.getByTestId(`stage-${stage}`)).toHaveAttribute("data-state", "done");
    }
    const table = page.getByTestId("result-table");
    await expect(table.getByRole("row").nth(1).getByRole("gridcell")).toHaveText(["USA", "523.06", "13"]);
    await expect(page.getByTestId("answer")).toHaveText(/\S/);
    await expect(page.getByTestId("badge-confidence")).toHaveText(/\d\d\s*% confident/);
    await expect(page.getByTestId("badge-generator")).toHaveText(/scripted-1/);
    await page.getByText("Revenue is the sum of invoice totals").waitFor();
    await page.getByTestId("show-chart").click();
    await page.getByTestId("chart").waitFor();
    await expect(page.getByTestId("chart")).toHaveAttribute("data-kind", "bar");

    await page.getByTestId("thumb-up").click();
    await page.getByText("Thank you.").waitFor();
    await expect(page.getByTestId("thumb-up")).toHaveAttribute("aria-pressed", "true");
    const stored = await server.get(`/conversations/${conversationOf(page)}`);
    assert.equal(stored.turns[0].feedback.rating, "up");
  });

  test("a thumb down asks what was wrong, and keeps it", async (t) => {
    const question = "How many customers do we have?";
    model.on(question, query(COUNT));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await answered(page, question);
    await page.getByTestId("thumb-down").click();
    await page.getByTestId("wrong-category").selectOption("wrong_filter");
    await page.getByTestId("wrong-text").fill("Only active customers count.");
    await picture(page, "feedback", { before: () => page.getByTestId("wrong-send").scrollIntoViewIfNeeded() });
    await page.getByTestId("wrong-send").click();
    await page.getByText("Thank you.").waitFor();
    const { feedback } = (await server.get(`/conversations/${conversationOf(page)}`)).turns[0];
    assert.deepEqual([feedback.rating, feedback.category, feedback.text], ["down", "wrong_filter", "Only active customers count."]);

    // and the next try is told
    model.on(question, query("select count(*) as customers from customer where country = 'USA'"));
    await page.getByRole("button", { name: /try again with this feedback/i }).click();
    await turns(page, "succeeded").nth(1).waitFor();
    assert.match((await model.asked(question, 2)).prompt, /Only active customers count\./);
  });

  test("a question back is answered with a button", async (t) => {
    const question = "Who are our best customers?";
    model.on(question, clarify("Best by what?", "by revenue", "by number of invoices"), query("select customer_id, count(*) as invoices from invoice group by 1 order by 2 desc, 1 limit 5"));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await ask(page, question);
    await page.getByText("Best by what?").waitFor();
    await expect(page.getByTestId("clarify-option")).toHaveText(["by revenue", "by number of invoices"]);
    await picture(page, "clarification");
    await page.getByTestId("clarify-option").nth(1).click();
    await turns(page, "succeeded").waitFor();
    assert.match((await model.asked(question, 2)).prompt, /<choice>\nby number of invoices\n<\/choice>/);
    await expect(page.getByTestId("clarify-option").first(), "a question is answered once").toBeDisabled();
  });

  test("a follow-up knows the query before it", async (t) => {
    model.on("Customers by country", query(BY_COUNTRY)).on("now only for Brazil", query("select count(*) as n from customer where country = 'Brazil'"));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await answered(page, "Customers by country");
    await answered(page, "now only for Brazil", 2);
    const { prompt } = await model.asked("now only for Brazil");
    assert.match(prompt, /previous question was\n<question>\nCustomers by country/);
    assert.match(prompt, /group by c\.country/);
    await expect(page.getByTestId("result-table").last().getByRole("definition")).toHaveText("5");
  });

  test("a query that was refined shows its earlier attempt", async (t) => {
    const question = "Surnames of the customers";
    model.on(question, query("select c.surname from customer c"), query("select c.last_name from customer c order by 1 limit 3"));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await answered(page, question);
    await expect(page.getByTestId("badge-attempts")).toHaveText(/2 attempts/);
    await page.getByText("1 earlier attempt").click();
    await page.getByText("c.surname").waitFor();
    await page.getByTestId("stage-query_validation").click();
    await expect(page.getByTestId("stage-detail").filter({ hasText: "surname" })).not.toHaveCount(0);
  });

  test("a failure says what happened and what to do", async (t) => {
    const question = "Which suppliers deliver late?";
    model.on(question, query("select nonsense from nowhere"));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await ask(page, question);
    await turns(page, "failed").waitFor();
    await expect(page.getByTestId("error")).toHaveText(/Please rephrase your question/);
    await picture(page, "error");
    model.on("Something easier", query(COUNT));
    await answered(page, "Something easier");
  });

  test("edit and run: an error at its line, then rows", async (t) => {
    const question = "List the first customers";
    model.on(question, query(COUNT));
    const page = await openPage(t, browser, server.url, { allowed: [HANDLED] });
    await choose(page, "Chinook");
    await answered(page, question);
    await page.getByTestId("edit-query").click();
    const editor = page.getByTestId("query-editor").locator(".cm-content");
    await editor.fill("select first_name,\n  surname\nfrom customer limit 3");
    await page.getByTestId("run-query").click();
    const findings = page.getByTestId("findings");
    await findings.getByRole("button", { name: "Line 2" }).waitFor();
    await expect(findings).toHaveText(/surname/);
    await page.locator(".cm-lint-marker-error").waitFor();
    await picture(page, "editor");
    for (const forbidden of ["drop table customer", "delete from customer", "select pg_sleep(5)", "select 1; select 2"]) {
      await editor.fill(forbidden);
      await Promise.all([page.waitForResponse((response) => response.url().endsWith("/execute") && response.status() === 422), page.getByTestId("run-query").click()]);
    }
    await editor.fill("select first_name from customer order by customer_id limit 3");
    // the key does nothing while a query runs
    await expect(page.getByTestId("run-query")).toBeEnabled();
    await editor.press("Control+Enter");
    await page.getByRole("gridcell", { name: "Luís" }).waitFor();
    await expect(findings).toHaveCount(0);
  });

  test("Stop ends the turn and hangs up on the model, by button and by Escape", async (t) => {
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    for (const [nth, question] of ["Sales of every track", "Sales of every track, once more"].entries()) {
      model.on(question, { text: query(BY_COUNTRY), stallAfter: 10 });
      await ask(page, question);
      await page.getByTestId("query").nth(nth).getByText("select").waitFor();
      if (nth === 0) await page.getByTestId("stop").click();
      else await page.keyboard.press("Escape");
      const stopped = performance.now();
      const { how, at } = await deadline("the model's connection ends", (await model.asked(question)).ended);
      assert.equal(how, "aborted");
      t.diagnostic(`the model was hung up on ${Math.round(at - stopped)} ms after the stop`);
      await turns(page, "cancelled").nth(nth).waitFor();
    }
    model.on("After the stop", query(COUNT));
    await answered(page, "After the stop");
  });
});

describe("coming back", () => {
  test("a reload shows the conversation as it was, also from the list", async (t) => {
    const question = "Revenue and customers by country";
    model.on(question, query(BY_COUNTRY, { explanation: "Kept with the query." }));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await answered(page, question);
    const seen = async () => ({
      question: await page.getByRole("heading", { level: 2, name: question }).innerText(),
      query: await page.getByTestId("query").innerText(),
      answer: await page.getByTestId("answer").innerText(),
      first: await page.getByTestId("result-table").getByRole("row").nth(1).innerText(),
      badge: await page.getByTestId("badge-confidence").innerText(),
      stages: await page.locator('[data-testid^="stage-query"]').count(),
    });
    await page.getByTestId("result-table").getByRole("row").nth(1).waitFor();
    await page.getByTestId("answer").locator("p").first().waitFor();
    await expect(page.locator('[data-testid^="stage-query"]')).toHaveCount(4);
    const before = await seen();
    await page.reload();
    await turns(page, "succeeded").waitFor();
    // the line brings the texts, a request what the line does not say
    await expect.poll(seen).toEqual(before);

    await page.goto(server.url);
    await page.getByTestId("conversation-item").getByRole("link", { name: question }).click();
    await expect.poll(seen).toEqual(before);
  });

  test("a reload in mid-turn goes on where it was", async (t) => {
    const question = "Countries with most customers";
    model.on(question, { text: query(BY_COUNTRY), everyMs: 10, holdAfter: 8 });
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await ask(page, question);
    await page.getByTestId("query").getByText("select").waitFor();
    await page.reload();
    await turns(page, "running").waitFor();
    await page.getByTestId("query").getByText("select").waitFor();
    model.release(question);
    await turns(page, "succeeded").waitFor();
    await expect(turns(page)).toHaveCount(1);
    await expect(page.getByTestId("query")).toHaveText(BY_COUNTRY);
    await page.getByTestId("result-table").waitFor();
  });

  test("a second tab sees it live", async (t) => {
    const question = "Top countries by sales";
    model.on(question, { text: query(BY_COUNTRY), everyMs: 10, holdAfter: [8, 16] });
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await ask(page, question);
    await page.getByTestId("query").getByText("select").waitFor();
    const second = await openPage(t, browser, page.url());
    await turns(second, "running").waitFor();
    await second.getByTestId("query").getByText("select").waitFor();
    await grows(second.getByTestId("query"), () => model.release(question));
    await expect(turns(second, "running")).toHaveCount(1);
    model.release(question);
    await Promise.all([turns(page, "succeeded").waitFor(), turns(second, "succeeded").waitFor()]);
    await expect(page.getByTestId("query")).toHaveText(BY_COUNTRY);
    await expect.poll(() => second.getByTestId("query").innerText()).toBe(await page.getByTestId("query").innerText());
    // and a question asked there shows here
    model.on("From the second tab", query(COUNT));
    await answered(second, "From the second tab", 2);
    await turns(page, "succeeded").nth(1).waitFor();
    await page.getByRole("heading", { name: "From the second tab" }).waitFor();
  });

  test("the server is killed in mid-turn: the page says so, reconnects by itself, and shows the end", async (t) => {
    const mine = await Server.start({ model });
    t.after(() => mine.stop());
    const question = "Revenue of every country";
    model.on(question, { text: query(BY_COUNTRY), stallAfter: 12 });
    const page = await openPage(t, browser, mine.url, { allowed: [LINE_LOST] });
    await choose(page, "Chinook");
    await ask(page, question);
    await page.getByTestId("query").getByText("select").waitFor();
    await mine.kill();
    await page.getByText(/Connection lost\. Your question is safe: the server has it\./).first().waitFor();
    await turns(page, "lost").waitFor();
    await expect(page.getByTestId("connection")).not.toHaveAttribute("data-state", "open");
    await picture(page, "connection-lost", { sizes: { narrow: NARROW } });
    await mine.again();
    await page.locator('[data-testid="connection"][data-state="open"]').waitFor({ timeout: 30_000 });
    await turns(page, "failed").waitFor({ timeout: 30_000 });
    await expect(page.getByTestId("error")).toHaveText(/restarted while it worked on this/);
    model.on(question, query(COUNT));
    await page.getByTestId("error").getByRole("button", { name: "Try again" }).click();
    await turns(page, "succeeded").waitFor();
  });

  test("conversations are renamed, found and deleted", async (t) => {
    model.on("To be renamed", query(COUNT));
    const page = await openPage(t, browser, server.url, { allowed: [HANDLED] });
    await choose(page, "Chinook");
    await answered(page, "To be renamed");
    const item = page.getByTestId("conversation-item").filter({ has: page.getByRole("link", { name: "To be renamed" }) });
    await item.hover();
    await item.getByTestId("rename").click();
    await page.getByTestId("rename-input").fill("A better name");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "A better name" }).waitFor();
    await page.locator("#conversation-search").fill("better");
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="conversation-item"]').length === 1);
    await page.getByTestId("conversation-item").hover();
    await page.getByTestId("delete").click();
    await page.getByTestId("confirm-delete").click();
    await page.getByText("Nothing found.").waitFor();
    await expect(page).toHaveURL(new URL("/", server.url).href);
  });

  test("an address of no conversation says so", async (t) => {
    const page = await openPage(t, browser, `${server.url}/c/018f0000-0000-7000-8000-000000000000`, { allowed: [HANDLED] });
    await page.getByText("This conversation is not here").waitFor();
    await page.getByRole("button", { name: "Start a new one" }).click();
    await page.getByRole("heading", { name: /What would you like to know/ }).waitFor();
  });
});

describe("for everybody", () => {
  test("with the keyboard alone", async (t) => {
    const question = "Revenue by country, please";
    model.on(question, query(BY_COUNTRY));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await page.locator("body").click({ position: { x: 640, y: 300 } });
    await page.keyboard.press("/");
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.id ?? "");
    await expect.poll(focused).toBe("question");
    await page.keyboard.type(question);
    await page.keyboard.press("Enter");
    await turns(page, "succeeded").waitFor();
    await page.getByTestId("result-table").getByRole("row").nth(1).waitFor();
    for (const there of ["csv", "show-chart"]) await page.getByTestId(there).waitFor();
    // backwards from the question box: everything that can be done to an answer is on the way, and is seen
    const met = new Set();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Shift+Tab");
      met.add(await focused());
      const ring = await page.evaluate(() => {
        const node = document.activeElement;
        if (!node || node === document.body) return true;
        const style = getComputedStyle(node);
        return style.outlineStyle !== "none" || style.boxShadow !== "none" || node.matches("textarea, input, select, .grid, .cm-content");
      });
      assert.ok(ring, `the focus on ${await focused()} is not visible`);
    }
    for (const wanted of ["thumb-up", "thumb-down", "badge-confidence", "csv", "show-chart", "edit-query", "result-table", "theme-toggle"]) assert.ok(met.has(wanted), `${wanted} is not reached by Tab; met ${[...met]}`);
    await page.getByTestId("result-table").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.locator(".td.is-cursor").waitFor();
    await page.getByTestId("thumb-up").focus();
    await page.keyboard.press("Enter");
    await page.getByText("Thank you.").waitFor();
    await page.keyboard.press("n");
    await page.getByRole("heading", { name: /What would you like to know/ }).waitFor();
    await page.keyboard.press("Control+k");
    await page.waitForFunction(() => document.activeElement?.id === "conversation-search");
  });

  test("axe finds nothing to complain about, light and dark, wide and narrow", async (t) => {
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    const found = [];
    const check = async (state) => {
      for (const viewport of [NARROW, WIDE]) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
          found.push(...(await violations(page)).map((violation) => `${state}, ${viewport.width} px, ${colorScheme}: ${violation}`));
        }
        const over = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        await expect.poll(over, `${state} in pixels wider than a screen of ${viewport.width} px`).toBeLessThanOrEqual(0);
      }
      await page.emulateMedia({ colorScheme: "light" });
    };
    await check("empty");
    model.on("For axe", query(BY_COUNTRY)).on("Unclear for axe", clarify("Which?", "this one", "that one")).on("Wrong for axe", query("select x from y"));
    await answered(page, "For axe");
    await check("answered");
    await page.getByTestId("stage-query_validation").click();
    await page.getByTestId("show-chart").click();
    await page.getByTestId("chart").waitFor();
    await page.getByTestId("thumb-down").click();
    await check("chart, stages and feedback open");
    await page.getByTestId("edit-query").click();
    await page.getByTestId("query-editor").locator(".cm-content").waitFor();
    await check("editor");
    await ask(page, "Wrong for axe");
    await turns(page, "failed").waitFor();
    await check("error");
    await ask(page, "Unclear for axe");
    await page.getByTestId("clarify-option").first().waitFor();
    await check("clarification");
    assert.deepEqual(found, []);
  });

  test("names and roles that a screen reader needs", async (t) => {
    const page = await openPage(t, browser, server.url);
    for (const [role, name] of [["textbox", "Your question"], ["combobox", "Dataset"], ["button", "Schema"], ["button", "Conversations"], ["navigation", "Conversations"], ["complementary", "Schema"], ["log", "Conversation"], ["button", /^Use (dark|light) colours$/]]) {
      await expect(page.getByRole(role, { name }), `${role} ${name}`).toHaveCount(1);
    }
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(page.getByRole("main")).toHaveCount(1);
  });

  test("the schema browser finds a column and puts it into the question", async (t) => {
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await page.getByRole("button", { name: "Columns of invoice", exact: true }).click();
    await page.getByRole("button", { name: "Columns of customer", exact: true }).click();
    const toggle = page.getByRole("button", { name: "Schema", exact: true });
    await picture(page, "schema", {
      before: async (size) => {
        if (size !== "narrow") return;
        // becoming narrow closes it
        await expect(toggle).toHaveAttribute("aria-expanded", "false");
        await toggle.click();
        await expect(toggle).toHaveAttribute("aria-expanded", "true");
      },
    });
    // and it stays as it was left
    await expect(toggle).toHaveAttribute("aria-expanded", "true");
    await page.getByTestId("schema-filter").fill("milli");
    await page.getByTestId("schema-browser").getByText("milliseconds").click();
    await expect(page.getByTestId("question")).toHaveValue(/milliseconds/);
  });
});

describe("values of every kind", () => {
  test("HTML in a question, in a value, in a column's name and in an explanation is text", async (t) => {
    const evil = `<img src=x onerror="window.hacked=1"><b>bold</b><script>window.hacked=2</script>`;
    const question = `How many <i>customers</i> ${evil}?`;
    // what the prompt makes of it: see fence() in src/prompts.rs
    model.on(question.replaceAll("</", "< /"), query(`select '${evil}' as "<u>value</u>", '[click](javascript:alert(1))' as markdown from customer limit 2`, { explanation: `Because ${evil}.` }));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await answered(page, question);
    await page.getByRole("gridcell", { name: evil }).first().waitFor();
    await page.getByRole("columnheader", { name: "<u>value</u>" }).waitFor();
    await page.getByRole("heading", { name: question }).first().waitFor();
    await page.getByText(`Because ${evil}.`).waitFor();
    await page.reload();
    await page.getByRole("gridcell", { name: evil }).first().waitFor();
    await page.getByRole("columnheader", { name: "<u>value</u>" }).waitFor();
    await page.getByRole("heading", { name: question }).first().waitFor();
    await page.getByText(`Because ${evil}.`).waitFor();
    await expect(page.locator("main img, main script, main b, main i:not([style]), main u, main a[href^='javascript']")).toHaveCount(0);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
  });

  test("10,000 rows scroll fast, and few of them are in the document", async (t) => {
    const question = "Invoice lines by genre";
    model.on(question, query("select l.invoice_line_id, g.name as genre, l.unit_price, l.quantity, l.track_id from invoice_line l cross join genre g order by l.invoice_line_id, g.genre_id limit 10000"));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await answered(page, question);
    const table = page.getByTestId("result-table");
    await table.scrollIntoViewIfNeeded();
    await expect(table).toHaveAttribute("aria-rowcount", "10001");
    const frames = await table.evaluate(async (node) => {
      const [jumps, rests] = [[], []];
      let most = 0;
      const twoFrames = async (took) => {
        const began = performance.now();
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        took.push(performance.now() - began);
      };
      for (let top = 0; top <= node.scrollHeight; top += 4000) {
        node.scrollTop = top;
        await twoFrames(jumps);
        most = Math.max(most, node.querySelectorAll('[role="row"]').length);
        await twoFrames(rests);
      }
      const byLength = (a, b) => a - b;
      return { jumps: jumps.sort(byLength), rests: rests.sort(byLength), most };
    });
    const median = (took) => took[took.length >> 1];
    const [jump, rest] = [median(frames.jumps), median(frames.rests)];
    t.diagnostic(`${frames.jumps.length} jumps: median ${jump.toFixed(0)} ms, slowest ${frames.jumps.at(-1).toFixed(0)} ms for two frames, ${rest.toFixed(0)} ms at rest; at most ${frames.most} rows in the document`);
    assert.ok(frames.most < 100, `${frames.most} rows in the document`);
    // beside frames of the same seconds in which nothing moved: a busy machine is slow at both
    assert.ok(jump < 3 * rest + 100, `a jump takes ${jump} ms, two frames at rest ${rest} ms`);
    await table.evaluate((node) => (node.scrollTop = node.scrollHeight));
    await page.locator('[role="row"][aria-rowindex="10001"] [data-pending="false"]').first().waitFor();
    // 25 genres: the last row is the last of them on line 400
    const cells = page.locator('[role="row"][aria-rowindex="10001"]').getByRole("gridcell");
    await expect(cells.nth(0)).toHaveText("400");
    await expect(cells.nth(1)).toHaveText("Opera");
  });

  test("numbers keep their digits, NULL is not empty, and the CSV has it all", async (t) => {
    const question = "Values of every kind";
    model.on(question, query("select 9007199254740993 as big, 0.1::numeric(20,18) as exact, null as nothing, '' as empty, 'a,\"b\"' as quoted, true as yes, '고객 👋' as words from customer limit 1"));
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    await answered(page, question);
    const table = page.getByTestId("result-table").first();
    await expect(table).toHaveText(/9[\u202f\u00a0,\s]?007[\u202f\u00a0,\s]?199[\u202f\u00a0,\s]?254[\u202f\u00a0,\s]?740[\u202f\u00a0,\s]?993/);
    await expect(table).toHaveText(/0\.100000000000000000/);
    const href = await page.getByTestId("csv").getAttribute("href");
    const csv = await (await fetch(new URL(href, server.url))).text();
    assert.match(csv, /9007199254740993,0\.100000000000000000,,"?"?,"a,""b""",true,고객 👋/);
  });
});

describe("without a model", () => {
  let builtin;
  before(async () => {
    builtin = await Server.start();
  });
  after(() => builtin?.stop());

  test("the built-in generator answers the questions to begin with, and says that it did", async (t) => {
    const page = await openPage(t, browser, builtin.url);
    await choose(page, "Chinook");
    await page.getByText("11 tables").waitFor();
    await picture(page, "empty");
    for (const { name, questions } of (await builtin.get("/schemas")).items) {
      for (const question of questions) {
        await page.goto(builtin.url);
        await choose(page, name);
        await page.getByRole("heading", { name }).first().waitFor();
        await page.locator("button.example").filter({ hasText: question }).click();
        await turns(page, "succeeded").waitFor();
        await expect(page.getByTestId("badge-generator")).toHaveText(/Built-in generator/);
        await expect(page.getByTestId("result-table").locator('[role="gridcell"], dd').first(), `${question} finds something`).toHaveText(/\S/);
      }
    }
  });

  test("the answer, as a table and as a chart", async (t) => {
    const page = await openPage(t, browser, builtin.url);
    await choose(page, "Chinook");
    await answered(page, "Total sales by country, highest first");
    const table = page.getByTestId("result-table");
    await expect(table.getByRole("row").nth(1).getByRole("gridcell").first()).toHaveText("USA");
    await picture(page, "answered", { before: () => turns(page).evaluate((turn) => turn.scrollIntoView({ block: "start" })) });
    await page.getByTestId("show-chart").click();
    await page.getByTestId("chart").waitFor();
    await expect(page.getByTestId("chart")).toHaveAttribute("data-kind", "bar");
    await picture(page, "chart", { before: () => page.getByTestId("chart").scrollIntoViewIfNeeded() });
  });

  test("usage: what models were asked and cost, and how true confidence is", async (t) => {
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    model.on("Cost of a count", query(COUNT));
    await answered(page, "Cost of a count");
    await page.getByTestId("thumb-up").first().click();
    await page.getByText("Thank you.").waitFor();
    await page.getByTestId("open-usage").click();
    const usage = page.getByTestId("usage");
    await usage.getByRole("rowheader", { name: "openai:scripted-1" }).waitFor();
    await usage.getByRole("rowheader", { name: "generate_query" }).waitFor();
    await usage.locator("canvas").first().waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, "usage");
    await usage.getByRole("button", { name: "Close" }).click();
    await usage.waitFor({ state: "detached" });
  });

  test("a trend is drawn as a line", async (t) => {
    const page = await openPage(t, browser, server.url);
    await choose(page, "Chinook");
    model.on("Revenue by month", query(BY_MONTH));
    await answered(page, "Revenue by month");
    await page.getByTestId("show-chart").click();
    await page.locator('[data-testid="chart"] canvas').waitFor();
    await expect(page.getByTestId("chart")).toHaveAttribute("data-kind", "line");
    await picture(page, "trend", { before: () => page.getByTestId("chart").scrollIntoViewIfNeeded() });
  });
});

test("where the pictures are", (t) => t.diagnostic(pictureFolder));
