/** Puts pictures side by side to be looked at together: node dev/sheet.mjs out.png a.png b.png … */
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [out, ...files] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const page = await browser.newPage({ viewport: { width: Number(process.env.WIDTH ?? 1480), height: 760 } });
const images = files.map((f) => `<img src="data:image/png;base64,${readFileSync(f).toString("base64")}" style="width:${Math.floor(96 / files.length)}%">`);
await page.setContent(`<body style="margin:0;background:#888;display:flex;gap:8px;align-items:start">${images.join("")}</body>`);
await page.screenshot({ path: out, fullPage: true });
await browser.close();
