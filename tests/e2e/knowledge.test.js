/** What people teach a dataset, in a real browser on the real program: from the DDL to the trusted answer. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { expect, launch, NARROW, openPage, picture, violations, WIDE } from "./support/browser.js";
import { ScriptedModel } from "./support/model.js";
import { Server } from "./support/server.js";

const TRADES = "create table trade (time timestamp, sym text, price numeric, size integer);";
const SHOP = `create table customers (id integer primary key, name text not null, country text);
create table orders (id integer primary key, customer_id integer references customers(id), ordered_on date, total numeric(10,2));`;
const QUESTION = "How many customers are based in Germany?";
const COUNT = "select count(*) as customer_count\nfrom customers\nwhere country = 'Germany'";
/** A browser writes this for every response that is an error, also when the page handles it. */
const HANDLED = /Failed to load resource: the server responded with a status of (400|409|422)/;

let browser, model, server, modelled;
before(async () => {
  model = await ScriptedModel.start();
  // starts while the first tests run
  modelled = Server.start({ model });
  modelled.catch(() => {});
  [browser, server] = await Promise.all([launch(), Server.start()]);
});
after(async () => {
  await browser?.close();
  await Promise.all([server?.stop(), modelled?.then((mine) => mine.stop())]);
  await model?.stop();
});

const turns = (page, status) => page.locator(`[data-testid="turn"]${status ? `[data-status="${status}"]` : ""}`);
const onTab = (page, tab) => page.locator(`[data-testid="page"][data-page="${tab}"]`).waitFor();

async function openTab(page, tab) {
  await page.getByTestId(`tab-${tab}`).click();
  await onTab(page, tab);
}

async function onboard(page, name, ddl) {
  await page.goto(new URL("/datasets/new", page.url()).href);
  await page.getByTestId("dataset-name").fill(name);
  await page.getByTestId("ddl").fill(ddl);
  await page.getByTestId("create-dataset").click();
  await page.getByTestId("just-made").waitFor();
  return /\/datasets\/([0-9a-f-]{36})/.exec(page.url())[1];
}

/** Asks in a conversation of its own; what was written. */
async function queryFor(page, question) {
  await page.getByTestId("ask-dataset").click();
  await page.getByTestId("question").fill(question);
  await page.keyboard.press("Enter");
  await turns(page, "succeeded").waitFor();
  const written = page.getByTestId("query");
  await expect(written).toHaveText(/select/i);
  return (await written.innerText()).replace(/\s+/g, " ").trim();
}

async function post(path, body, method = "POST", to = server) {
  const response = await fetch(`${to.url}/api/v1${path}`, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response.json();
}

const ddlDataset = async (name, ddl) => (await post("/schemas", { name, dialect: "postgres", ddl })).dataset_id;

describe("teaching a dataset", () => {
  test("from DDL; a word of the glossary changes the next query", async (t) => {
    const page = await openPage(t, browser, `${server.url}/datasets`);
    await page.getByTestId("dataset-item").filter({ hasText: "Northwind" }).getByText("Connected").waitFor();
    await page.getByTestId("new-dataset").click();
    const id = await onboard(page, "Trades", TRADES);
    await page.getByTestId("dataset-state").getByText("Schema only").waitFor();

    const before = await queryFor(page, "VWAP by sym");
    assert.doesNotMatch(before, /sum\(/i);
    await page.goto(`${server.url}/datasets/${id}/glossary`);
    await page.getByTestId("add-directive").click();
    await page.getByTestId("directive-key").fill("VWAP");
    await page.getByTestId("directive-value").fill("sum(price * size) / sum(size)");
    await page.getByTestId("save-directive").click();
    await page.getByTestId("effect").getByText("computes this for each group of trade").waitFor();
    const taught = await queryFor(page, "VWAP by sym");
    assert.match(taught, /sum\(.*price.*\*.*size.*\).*group by/i);

    // changed, then taken back
    await page.goto(`${server.url}/datasets/${id}/glossary`);
    await page.getByTestId("edit-directive").click();
    await page.getByTestId("directive-value").fill("max(price)");
    await page.getByTestId("save-directive").click();
    await page.getByTestId("directive").getByText("max(price)").waitFor();
    await page.getByTestId("delete-directive").click();
    await page.getByTestId("delete-directive-confirm").click();
    await page.getByTestId("no-directives").waitFor();
    assert.equal(await queryFor(page, "VWAP by sym"), before);
  });

  test("from JSON, and from a database, with what could not be used", async (t) => {
    const page = await openPage(t, browser, `${server.url}/datasets/new`);
    await page.getByTestId("dataset-name").fill("From JSON");
    await page.getByTestId("from-json").click();
    const schema = { tables: [{ name: "parts", primary_key: ["id"], columns: [{ name: "id", type: "integer" }, { name: "maker", type: "text" }], foreign_keys: [{ columns: ["maker"], ref_table: "makers" }] }] };
    await page.getByTestId("schema-json-file").setInputFiles({ name: "parts.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(schema)) });
    await page.getByTestId("create-dataset").click();
    const made = page.getByTestId("just-made");
    await made.getByText("From JSON is here: 1 table, 2 columns").waitFor();
    await made.getByText(/makers/).waitFor();

    await page.goto(`${server.url}/datasets/new`);
    await page.getByTestId("dataset-name").fill("From a file");
    await page.getByTestId("from-connection").click();
    await page.getByTestId("connection-kind").selectOption("sqlite");
    await page.getByTestId("connection-path").fill(fileURLToPath(new URL("../../samples/northwind.sqlite", import.meta.url)));
    await page.getByTestId("create-dataset").click();
    await made.getByText("14 tables").waitFor();
    await page.getByTestId("dataset-state").getByText("Connected").waitFor();
    await page.getByTestId("rights").getByText("can only read").waitFor();
    await page.getByTestId("refresh").click();
    await page.getByTestId("refreshed").getByText("Nothing has changed.").waitFor();
    await page.getByTestId("remove-dataset").click();
    await page.getByTestId("remove-dataset-confirm").click();
    await onTab(page, "datasets");
    await page.getByTestId("dataset-item").filter({ hasText: "From a file" }).waitFor({ state: "detached" });
  });

  test("an example is staged, run, verified; the answer is trusted and leads back to it; the figures follow", async (t) => {
    const id = await server.dataset("Northwind");
    const page = await openPage(t, browser, `${server.url}/datasets/${id}/examples`);
    await page.getByTestId("starter-kit").waitFor();
    await page.getByTestId("add-example").click();
    await page.getByTestId("example-question").fill(QUESTION);
    await page.getByTestId("example-query").fill(COUNT);
    await page.getByTestId("tag-category").fill("sales");
    await page.getByTestId("save-example").click();
    const entry = page.getByTestId("example").filter({ hasText: QUESTION });
    await entry.getByText("never run").waitFor();
    await expect(entry).toHaveAttribute("data-trust", "staged");
    await expect(entry.getByTestId("verify-example"), "nothing is verified unseen").toBeDisabled();
    await entry.getByTestId("run-example").click();
    await entry.getByTestId("ran").getByRole("gridcell", { name: "11" }).waitFor();
    await look(page, "example");
    await expect(entry, "to run is not to verify").toHaveAttribute("data-trust", "staged");
    await entry.getByTestId("verify-example").click();
    await page.locator('[data-testid="example"][data-trust="verified"]').waitFor();
    await expect(entry.getByTestId("provenance")).toHaveText(/Written by local.*1 row.*verified by local.*reads customers/s);

    await page.getByTestId("ask-dataset").click();
    await page.getByTestId("question").fill("how many customers are based in France");
    await page.keyboard.press("Enter");
    await turns(page, "succeeded").waitFor();
    await expect(page.getByTestId("badge-trust")).toHaveText("Trusted answer", { useInnerText: true });
    await expect(page.getByTestId("trusted-by")).toHaveText(/Verified by local on \d+ \w+ \d{4}/);
    await look(page, "trusted");
    await page.getByTestId("badge-trust").hover();
    await page.getByRole("tooltip").filter({ hasText: QUESTION }).getByText(/France in place of Germany/).waitFor();
    // and after a reload, when the store tells it
    await page.reload();
    await page.getByTestId("trusted-example").click();
    await page.getByTestId("example").filter({ hasText: QUESTION }).waitFor();
    await expect(page).toHaveURL(/\/examples\/[0-9a-f-]{36}$/);

    await openTab(page, "stats");
    await expect(page.getByTestId("stat-verified")).toHaveText("1");
    await expect(page.getByTestId("stat-success")).toHaveText("100 %");
    await page.getByTestId("stats").locator("canvas").nth(1).waitFor();
    await page.getByTestId("categories").getByText("sales").waitFor();
    await page.getByTestId("quality-word").getByText("the goal is 90 %").waitFor();

    // rejected, it answers no more
    await openTab(page, "examples");
    await page.getByTestId("reject-example").click();
    await page.getByTestId("reject-note").fill("Closed accounts do not count.");
    await page.getByTestId("reject-send").click();
    await page.locator('[data-testid="example"][data-trust="negative"]').getByText("Closed accounts do not count.").waitFor();
    await page.getByTestId("trust-verified").click();
    await page.getByText("No example fits this filter.").waitFor();
    await page.getByTestId("trust-negative").click();
    await page.getByTestId("delete-example").click();
    await page.getByTestId("delete-example-confirm").click();
    await page.getByText("No example fits this filter.").waitFor();
  });

  test("the starter kit: a core question is asked with one click, or staged", async (t) => {
    const page = await openPage(t, browser, server.url, { viewport: { width: 1280, height: 560 } });
    await page.getByTestId("dataset-picker").selectOption({ label: "Chinook" });
    await page.getByTestId("starter").getByText("0 of 5 examples verified").waitFor();
    // whatever follows a change of height does so in the frame after it
    const scrolled = await page.locator(".scroller").evaluate((box) => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(box.scrollTop)))));
    assert.equal(scrolled, 0, "what comes late moves nothing under the pointer");
    const question = await page.getByTestId("starter").getByTestId("starter-question").first().innerText();
    await page.getByTestId("starter").getByTestId("starter-question").first().click();
    await turns(page, "succeeded").waitFor();
    await page.getByRole("heading", { level: 2, name: question }).waitFor();
    await page.goto(`${server.url}/datasets/${await server.dataset("Chinook")}`);
    await page.getByTestId("rights").getByText("can only read").waitFor();
    await page.getByTestId("starter-stage").first().click();
    await page.locator('[data-testid="example"][data-trust="staged"]').waitFor();
  });

  test("a file of examples: what fits is staged, what does not is told with its line", async (t) => {
    const id = await ddlDataset("Imported", SHOP);
    const page = await openPage(t, browser, `${server.url}/datasets/${id}/examples`);
    await page.getByTestId("import-examples").click();
    const lines = Array.from({ length: 24 }, (_, n) => JSON.stringify({ question: `Orders over ${n}`, query: `select count(*) from orders where total > ${n}`, tags: { category: n % 2 ? "odd" : "even" } }));
    lines.splice(3, 0, '{"question": "wrong", "query": "select colour from orders"}');
    await page.getByTestId("import-text-file").setInputFiles({ name: "examples.jsonl", mimeType: "application/json", buffer: Buffer.from(lines.join("\n")) });
    await page.getByTestId("import-send").click();
    const imported = page.getByTestId("imported");
    await imported.getByText("24 examples added").waitFor();
    await imported.getByText("Line 4:").waitFor();
    await page.getByTestId("example-count").getByText("1 to 20 of 24").waitFor();
    await page.getByTestId("next-page").click();
    await page.getByTestId("example-count").getByText("21 to 24 of 24").waitFor();
    await page.getByTestId("example-tag").fill("category:odd");
    await page.getByTestId("example-count").getByText("12 examples").waitFor();
    await page.getByTestId("example-text").fill("total > 7");
    await page.getByTestId("example-count").getByText("1 example", { exact: true }).waitFor();
  });
});

describe("when the schema changes", () => {
  test("what broke is told, and a certain rewrite is accepted", async (t) => {
    const id = await ddlDataset("Changing", SHOP);
    await post(`/schemas/${id}/examples`, { question: "Total of all orders", query: "select sum(total) as total from orders" });
    await post(`/schemas/${id}/examples`, { question: "Countries", query: "select distinct country from customers" });
    await post(`/schemas/${id}/annotations`, { table: "orders", column: "total", description: "What the customer paid." }, "PUT");
    await post(`/schemas/${id}/directives`, { key: "high-value order", value: "total > 1000" });
    const page = await openPage(t, browser, `${server.url}/datasets/${id}`);
    await page.getByTestId("refresh").click();
    await page.getByTestId("new-ddl").fill(SHOP.replace("total numeric", "amount numeric"));
    await page.getByTestId("refresh-send").click();
    await page.getByTestId("refreshed").getByText("Version 2 is in force now.").waitFor();
    const drift = page.getByTestId("drift");
    await drift.getByText("orders.total → amount").waitFor();
    await drift.getByText("3 of 4 did not fit any more").waitFor();
    await drift.getByText("select sum(amount) as total from orders").waitFor();
    await look(page, "drift", () => drift.evaluate((node) => node.scrollIntoView({ block: "start" })));
    await page.getByTestId("accept-all").click();
    await drift.getByText("2 mended since").waitFor();
    await page.getByTestId("broken").nth(1).waitFor({ state: "detached" });
    await expect(page.getByTestId("broken"), "an expression of the glossary is for people to mend").toHaveCount(1);
    const { items } = await server.get(`/schemas/${id}/examples?text=amount`);
    assert.deepEqual([items.length, items[0].trust, items[0].broken], [1, "staged", undefined]);
    const [annotation] = (await server.get(`/schemas/${id}/annotations`)).items;
    assert.deepEqual([annotation.column, annotation.description], ["amount", "What the customer paid."]);
    // a reload knows what was mended
    await page.reload();
    await page.getByTestId("drift").getByText("2 mended since").waitFor();
  });
});

describe("what tables mean", () => {
  test("a model suggests, people approve, reject and write", async (t) => {
    model.onLike(
      /^Describe this schema/,
      ["orders", null, "Purchases of customers.", ["purchases"], "orders", "total", "What was paid.", [], "customers", "country", "Where they live.", []]
        .reduce((lines, _, at, all) => (at % 4 ? lines : [...lines, JSON.stringify({ table: all[at], column: all[at + 1] ?? undefined, description: all[at + 2], synonyms: all[at + 3] })]), [])
        .join("\n"),
    );
    const mine = await modelled;
    const { dataset_id: id } = await post("/schemas", { name: "Shop", dialect: "postgres", ddl: SHOP }, "POST", mine);
    const page = await openPage(t, browser, `${mine.url}/datasets/${id}/schema?table=orders`);
    await page.getByTestId("enrich").click();
    await page.getByTestId("suggestions").getByText("3 suggestions to look at").waitFor();
    const suggestion = (text) => page.getByTestId("annotation-suggestion").filter({ hasText: text });
    await suggestion("Where they live.").getByTestId("reject").click();
    await page.getByText("2 suggestions to look at").waitFor();
    await page.getByTestId("approve-all").click();
    await page.getByTestId("suggestions").waitFor({ state: "detached" });
    const card = page.getByTestId("table-card");
    await card.getByText("Purchases of customers.").waitFor();
    await card.getByText("also purchases").waitFor();

    const column = (name) => page.getByTestId("column").filter({ has: page.getByRole("rowheader", { name }) });
    await column("ordered_on").getByTestId("edit-column").click();
    await page.getByTestId("description").fill("The day of the order.");
    await page.getByTestId("synonyms").fill("order date, placed on");
    // looked at another page meanwhile, and a reload: what was typed is still there
    await page.goto(`${mine.url}/datasets`);
    await page.goto(`${mine.url}/datasets/${id}/schema?table=orders`);
    await expect(page.getByTestId("synonyms")).toHaveValue("order date, placed on");
    await page.getByTestId("save-description").click();
    await column("ordered_on").getByText("also order date, placed on").waitFor();
    const { schema } = await mine.get(`/schemas/${id}`);
    const orders = schema.tables.find((table) => table.name === "orders");
    assert.equal(orders.columns.find((c) => c.name === "ordered_on").description, "The day of the order.");

    await page.getByTestId("add-join").click();
    await page.getByTestId("join-column").selectOption("ordered_on");
    await page.getByTestId("join-other-column").selectOption("country");
    await page.getByTestId("save-join").click();
    await page.getByTestId("declared-join").getByText("many to one, declared by local").waitFor();
    await page.getByTestId("declared-join").getByRole("button", { name: /^Remove the join/ }).click();
    await page.getByTestId("declared-join").waitFor({ state: "detached" });
  });
});

describe("for everybody", () => {
  test("a refusal says what to do, and nothing typed is lost", async (t) => {
    const page = await openPage(t, browser, `${server.url}/datasets/new`, { allowed: [HANDLED] });
    await page.getByTestId("dataset-name").fill("Half");
    await page.getByTestId("ddl").fill("create table half (");
    await page.getByTestId("create-dataset").click();
    await page.getByTestId("problem").getByText("The dataset was not made").waitFor();
    await expect(page.getByTestId("ddl")).toHaveValue("create table half (");
    await page.getByTestId("from-json").click();
    await page.getByTestId("schema-json").fill('{"tables": [');
    await page.getByTestId("create-dataset").click();
    await page.getByTestId("problem").getByText("This is not JSON").waitFor();
    await page.reload();
    await expect(page.getByTestId("schema-json")).toHaveValue('{"tables": [');
    await page.getByTestId("from-connection").click();
    await page.getByTestId("connection-kind").selectOption("sqlite");
    await page.getByTestId("connection-path").fill("/nowhere/at/all.sqlite");
    await page.getByTestId("dataset-name").fill("Nowhere");

    const id = await server.dataset("Northwind");
    await page.goto(`${server.url}/datasets/${id}/examples`);
    await page.getByTestId("add-example").click();
    await page.getByTestId("example-question").fill("Colours");
    await page.getByTestId("example-query").fill("select company_name,\n  colour\nfrom customers");
    await page.getByTestId("save-example").click();
    await page.getByTestId("problem").getByText("Line 2, column 3:").waitFor();
    await expect(page.getByTestId("example-query")).toHaveValue(/colour/);
  });

  test("with the keyboard alone, from the list to a tab and back", async (t) => {
    const page = await openPage(t, browser, server.url);
    await page.getByTestId("open-datasets").focus();
    await page.keyboard.press("Enter");
    await onTab(page, "datasets");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), "a page begins at its title").toBe("Datasets");
    await page.getByTestId("dataset-item").first().getByRole("link", { name: "Glossary" }).press("Enter");
    await onTab(page, "glossary");
    await page.getByTestId("add-directive").press("Enter");
    await page.getByTestId("directive-key").waitFor();
    await page.goBack();
    await onTab(page, "datasets");
    await page.goBack();
    await page.getByTestId("question").waitFor();
  });

  test("axe finds nothing to complain about, and no page is wider than a phone", async (t) => {
    const id = await ddlDataset("For axe", SHOP);
    await post(`/schemas/${id}/examples`, { question: "Number of orders", query: "select count(*) from orders", tags: { category: "sales" }, note: "One a day." });
    await post(`/schemas/${id}/directives`, { key: "high-value order", value: "total > 1000", context: "orders" });
    const page = await openPage(t, browser, `${server.url}/datasets`);
    const found = [];
    const pages = [
      ["/datasets", "dataset-item"],
      ["/datasets/new", "create-dataset"],
      [`/datasets/${id}`, "starter-kit"],
      [`/datasets/${id}/schema?table=orders`, "table-card", () => page.getByTestId("edit-column").first().click()],
      [`/datasets/${id}/glossary`, "directive", () => page.getByTestId("edit-directive").click()],
      [`/datasets/${id}/examples`, "example", () => page.getByTestId("add-example").click()],
      [`/datasets/${await server.dataset("Northwind")}/stats`, "stat-total"],
    ];
    // each page once, wide and dark or narrow and light by turns; all of them on a phone for their width
    for (const [at, [path, ready, unfold]] of pages.entries()) {
      await page.setViewportSize(WIDE);
      await page.goto(server.url + path);
      await page.getByTestId(ready).first().waitFor();
      await unfold?.();
      const [viewport, colorScheme] = at % 2 ? [NARROW, "light"] : [WIDE, "dark"];
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
      found.push(...(await violations(page)).map((violation) => `${path}, ${viewport.width} px, ${colorScheme}: ${violation}`));
      await page.setViewportSize(NARROW);
      const over = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await expect.poll(over, `${path} in pixels wider than a phone`).toBeLessThanOrEqual(0);
    }
    assert.deepEqual(found, []);
  });
});

/** A picture, when pictures are wanted. */
async function look(page, name, before) {
  if (process.env.SCREENSHOTS) await picture(page, name, { before });
}
