/** A real browser, and pictures of what it shows. */
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { expect as patient } from "playwright/test";
import { withPalette } from "./png.js";
import { PATIENCE_MS } from "./wait.js";

/**
 * What a page shows is asserted with this and never read once: a page comes about piece by piece, and a fast test
 * reads it between two pieces. It looks again until it is so.
 */
export const expect = patient.configure({ timeout: PATIENCE_MS });

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 360, height: 740 };

const kept = process.env.SCREENSHOTS === "1";
const folder = kept ? fileURLToPath(new URL("../../../docs/screenshots/", import.meta.url)) : await mkdtemp(join(tmpdir(), "queryforge-e2e-pictures-"));

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page of its own, closed after the test; whatever its console complains about fails the test. */
export async function openPage(t, browser, url, { viewport = WIDE, allowed = [] } = {}) {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce", timezoneId: "UTC", locale: "en-GB" });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.stack));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  t.after(async () => {
    await context.close();
    const unexpected = complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)));
    if (unexpected.length) throw new Error(`the page complained:\n${unexpected.join("\n")}`);
  });
  await page.goto(url);
  await page.locator('[data-testid="dataset-picker"] option:nth-child(2), [data-testid="page"]').first().waitFor({ state: "attached" });
  return page;
}

/** The page as it is, wide and narrow, light and dark; the page stays wide and light. */
export async function picture(page, name, { sizes = { wide: WIDE, narrow: NARROW }, before = async () => {} } = {}) {
  await mkdir(folder, { recursive: true });
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await before(size);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
      const png = await page.screenshot({ animations: "disabled", caret: "hide" });
      await writeFile(join(folder, `${name}-${size}-${colorScheme}.png`), kept ? withPalette(png) : png);
    }
    await page.emulateMedia({ colorScheme: "light" });
  }
  await page.setViewportSize(WIDE);
}

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe goes on complaining about; a page that is still being drawn may be wrong for a moment. */
export async function violations(page) {
  let found = [];
  await expect.poll(async () => (found = await complaintsOfAxe(page)), { timeout: SETTLED_MS }).toEqual([]).catch(() => {});
  return found;
}

/** How long a page may take to come to rest after what was waited for. */
const SETTLED_MS = 5_000;

/** As the page is shown now. Evaluated by the driver, so that the page's policy stays as it is. */
function complaintsOfAxe(page) {
  return page.evaluate(`${axe}; axe.run(document, {runOnly: ${JSON.stringify(RULES)}}).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " — " + n.any.concat(n.all, n.none).map((c) => c.message).join(", ")).join("; ")))`);
}

export { folder as pictureFolder };
