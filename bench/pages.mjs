// Opens a page of the console again and again in headless Chromium, each time with an empty cache, and prints the
// times of each visit in milliseconds as JSON. Usage: ADMIN_PASSWORD=… node bench/pages.mjs CONSOLE PATH VISITS
import { chromium } from "@playwright/test";

const [home, path, visits] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run"],
});

async function signIn() {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  await page.goto(new URL("/sign-in", home).href);
  await page.locator("#name").fill("admin");
  await page.locator("#password").fill(process.env.ADMIN_PASSWORD);
  await page.locator("main form button[type=submit], form.stack button").first().click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  const state = await context.storageState();
  await context.close();
  return state;
}

async function visit(storageState, address) {
  const context = await browser.newContext({ storageState, locale: "en-US" });
  const page = await context.newPage();
  const answer = await page.goto(address, { waitUntil: "load" });
  const rows = await page.locator("tbody tr").count();
  if (answer.status() !== 200 || new URL(page.url()).pathname !== path || rows === 0) {
    throw new Error(`${page.url()} answered ${answer.status()} with ${rows} rows`);
  }
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  const times = await page.evaluate(() => {
    const [shown] = performance.getEntriesByType("navigation");
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    return {
      first_byte: shown.responseStart - shown.requestStart,
      content: shown.domContentLoadedEventEnd - shown.requestStart,
      painted: painted.startTime - shown.requestStart,
      loaded: shown.loadEventEnd - shown.requestStart,
      bytes: shown.encodedBodySize,
    };
  });
  await context.close();
  return { ...times, rows };
}

try {
  const state = await signIn();
  const address = new URL(path, home).href;
  const times = [];
  for (let number = 0; number <= Number(visits); number += 1) times.push(await visit(state, address));
  console.log(JSON.stringify(times.slice(1)));
} finally {
  await browser.close();
}
