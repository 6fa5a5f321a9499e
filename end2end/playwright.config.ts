// One real server, one real Milvus, one real browser. What a test changes is its own (its cluster, its backup,
// its suffix), so the tests can share them, two at a time. The tour of all pages comes first: it shows
// the sample as the set-up leaves it.
import { defineConfig } from "@playwright/test";
import path from "node:path";
import { picturesWanted } from "./support/environment";

const TOUR = "pages.spec.ts";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./support/global-setup.ts",
  projects: picturesWanted
    ? [{ name: "pictures", testMatch: "pictures.spec.ts" }]
    : [
        { name: "pages", testMatch: TOUR, fullyParallel: true },
        { name: "deeds", testIgnore: [TOUR, "pictures.spec.ts"], dependencies: ["pages"] },
      ],
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  reporter: [["list"], ["./support/count-reporter.ts"]],
  updateSnapshots: "none",
  expect: {
    timeout: 30_000,
    toMatchAriaSnapshot: { pathTemplate: path.join(__dirname, "aria", "{arg}.aria.yml") },
  },
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    timezoneId: "UTC",
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
    // Takes time in every test; one that fails leaves a picture and what was on the page in any case.
    trace: process.env.HOZON_TRACE === "1" ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath: process.env.HOZON_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
