/**
 * Pictures of the app in every state worth looking at: node dev/shots.mjs [folder] [name-filter]
 * Needs a server (dev/server.mjs, or QUERYFORGE_SERVER) and a Chromium (CHROMIUM, default /usr/bin/chromium).
 */
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const folder = process.argv[2] ?? "target/shots";
const only = process.argv[3] ?? "";
const server = process.env.QUERYFORGE_SERVER ?? "http://127.0.0.1:8787";
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };

const scenes = {
  welcome: async () => {},
  streaming: async (page) => {
    await ask(page, "slow refine: top customers by revenue");
    await page.getByTestId("stage-query_generation").waitFor();
    await page.waitForTimeout(3000);
  },
  answered: async (page) => {
    await ask(page, "Top 10 customers by revenue");
    await done(page);
  },
  unfolded: async (page) => {
    await ask(page, "refine: top 10 customers by revenue");
    await done(page);
    await page.getByTestId("stage-query_validation").click();
    await page.locator(".earlier summary").click();
    await page.getByTestId("badge-confidence").focus();
    await page.locator(".scroller").evaluate((e) => (e.scrollTop = 0));
  },
  bars: async (page) => {
    await ask(page, "Top 10 customers by revenue");
    await done(page);
    await page.getByTestId("show-chart").click();
    await page.getByTestId("chart").waitFor();
    await page.getByTestId("chart").scrollIntoViewIfNeeded();
  },
  line: async (page) => {
    await ask(page, "Revenue trend by month");
    await done(page);
    await page.getByTestId("show-chart").click();
    await page.getByTestId("chart").waitFor();
    await page.waitForTimeout(300);
  },
  scatter: async (page) => {
    await ask(page, "scatter of discount and total");
    await done(page);
    await page.getByTestId("show-chart").click();
    await page.getByTestId("chart").waitFor();
    await page.waitForTimeout(300);
  },
  value: async (page) => {
    await ask(page, "How many customers do we have?");
    await done(page);
  },
  big: async (page) => {
    await ask(page, "big list of orders");
    await done(page);
    await page.getByTestId("result-table").evaluate((e) => (e.scrollTop = 150_000));
    await page.waitForTimeout(1500);
    await page.getByTestId("result-table").getByRole("button", { name: "total_amount" }).click();
    await page.waitForTimeout(800);
    await page.getByTestId("result-table").scrollIntoViewIfNeeded();
  },
  clarify: async (page) => {
    await ask(page, "Which customers bring the most revenue?");
    await page.getByTestId("clarify-option").first().waitFor();
  },
  failed: async (page) => {
    await ask(page, "fail please");
    await page.getByTestId("error").waitFor();
  },
  schema: async (page, size) => {
    if (size === "phone") await page.getByRole("button", { name: "Schema" }).click();
    await page.getByRole("button", { name: "Columns of customers" }).click();
    await page.getByRole("button", { name: "Columns of orders" }).click();
  },
  tables: async (page) => {
    await ask(page, "which tables are there? tables");
    await done(page);
  },
  list: async (page, size) => {
    if (size === "phone") await page.getByRole("button", { name: "Conversations" }).click();
    await page.getByTestId("conversation-item").first().hover();
  },
  wrong: async (page) => {
    await ask(page, "Top 10 customers by revenue");
    await done(page);
    await page.getByTestId("thumb-down").click();
    await page.getByText("start from this one").click();
    await page.waitForTimeout(200);
  },
  editor: async (page) => {
    await ask(page, "Top 10 customers by revenue");
    await done(page);
    await page.getByTestId("edit-query").click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n-- and\nAND oops > 3");
    await page.getByTestId("run-query").click();
    await page.getByTestId("findings").waitFor();
    await page.getByTestId("query-editor").scrollIntoViewIfNeeded();
  },
  lost: async (page) => {
    await ask(page, "gone: top customers");
    await page.locator(".banner").waitFor();
    await page.waitForTimeout(3000);
  },
};

async function ask(page, question) {
  await page.getByTestId("question").fill(question);
  await page.keyboard.press("Enter");
}

async function done(page) {
  await page.locator('[data-testid="turn"][data-status="succeeded"]').waitFor({ timeout: 60_000 });
  await page.waitForTimeout(250);
}

for (const [name, scene] of Object.entries(scenes)) {
  if (only && !only.split(",").includes(name)) continue;
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ["light", "dark"]) {
      if (colorScheme === "dark" && process.env.LIGHT_ONLY) continue;
      const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: size === "phone" ? 2 : 1, hasTouch: size === "phone" });
      const page = await context.newPage();
      page.on("console", (m) => ["error", "warning"].includes(m.type()) && console.log(`${name} ${size}: ${m.text()}`));
      page.on("pageerror", (e) => console.log(`${name} ${size}: ${e.stack}`));
      await page.goto(server);
      await page.getByTestId("dataset-picker").waitFor();
      await page.waitForTimeout(150);
      try {
        await scene(page, size);
        await page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}.png` });
      } catch (error) {
        console.log(`${name} ${size} ${colorScheme}: ${error.message.split("\n")[0]}`);
        await page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}-FAILED.png` });
      }
      await context.close();
    }
  }
}
await browser.close();
