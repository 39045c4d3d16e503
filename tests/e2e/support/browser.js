/** A real browser, and pictures of what it shows. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { withPalette } from "./png.js";

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
  context.setDefaultTimeout(20_000);
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
  await page.getByTestId("dataset-picker").locator("option").nth(1).waitFor({ state: "attached" });
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

export { folder as pictureFolder };
