// One real server, one real Milvus, one real browser. What a test changes is its own (its cluster, its backup,
// its suffix), so the tests can share them; they run one after the other, because the machine may be small.
import { defineConfig } from "@playwright/test";
import path from "node:path";
import { picturesWanted } from "./support/environment";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./support/global-setup.ts",
  testMatch: picturesWanted ? "pictures.spec.ts" : undefined,
  testIgnore: picturesWanted ? undefined : "pictures.spec.ts",
  workers: 1,
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
    trace: "retain-on-failure",
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
