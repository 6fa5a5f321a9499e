// Takes the pictures of the README and of the guides, from a console as somebody would have it after a few days.
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { type Milvus, root } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { Gate } from "../support/gate";
import { Server, addCluster, addIntegration, createBackup, hozon } from "../support/server";
import { LANGUAGES, LOCALE, type Language } from "../support/words";

const SIZE = { width: 1280, height: 720 };
/** All pictures of the guides together stay small enough to be kept beside the code. */
const LARGEST = 70_000;

const BACKUPS: [name: string, cluster: string, ...options: string[]][] = [
  ["Before the upgrade", "production"],
  ["Articles only", "production", "--collections", "medium_articles"],
  ["東アジアの本棚", "library", "--database", "east_asian_library"],
  ["Monday", "production"],
  ["Tuesday", "production"],
];

/** What a guide shows, by its name. */
const SHOWN: Record<string, (backup: string) => string> = {
  "before-you-start": () => "/clusters/new",
  create: () => "/backups?dialog=create&cluster=production",
  schedule: () => "/policies/production?kind=monthly&day=1&at=02:30&zone=Asia/Tokyo&keep_days=7&keep_yearly=2",
  view: (backup) => `/backups/${backup}`,
  restore: (backup) => `/backups/${backup}?dialog=restore&step=review&suffix=_restored`,
  export: (backup) => `/backups/${backup}?dialog=export&integration=exports`,
  delete: (backup) => `/backups/${backup}?dialog=delete`,
  s3: () => "/integrations/new",
  azure: () => "/integrations/new?provider=azure",
  gcs: () => "/integrations/new?provider=gcs",
  projects: () => "/projects/new",
  access: () => "/access/members/new",
  audit: () => "/audit",
  jobs: () => "/jobs",
};

test.use({ signedIn: false, viewport: SIZE });

interface Furnished {
  server: Server;
  gate: Gate;
  /** The newest backup. */
  last: string;
}

/** A console with clusters and backups, and what must be closed after it. */
async function furnished(name: string, milvus: Milvus): Promise<Furnished> {
  const server = await Server.start(name);
  const gate = await Gate.before(milvus.address);
  try {
    const at = server.dataDirectory;
    for (const cluster of ["production", "library"]) await addCluster(at, milvus, cluster);
    await addCluster(at, milvus, "staging", gate.address);
    let last = "";
    for (const [name, cluster, ...options] of BACKUPS) {
      last = (await createBackup(at, cluster, name, ...options)).backup.id;
      if (name !== "Articles only") await hozon(at, "backup", "verify", last, "--level", name === "Monday" ? "list" : "read");
    }
    return { server, gate, last };
  } catch (error) {
    await gate.close();
    await server.stop();
    throw error;
  }
}

test("the pictures of the README", async ({ page, context, t, world: { milvus } }) => {
  test.setTimeout(600_000);
  const take = (name: string) => page.screenshot({ path: path.join(root, "docs", "pictures", `${name}.png`) });
  const { server, gate, last } = await furnished("pictures", milvus);
  try {
    await context.addCookies([{ name: "hozon_session", value: await server.signIn(), url: server.url }]);
    await page.goto(`${server.url}/backups`);
    await take("backups");
    await page.goto(`${server.url}/backups/${last}`);
    await take("backup");
    await page.goto(`${server.url}/backups/${last}?dialog=restore&step=review&suffix=_restored`);
    await expect(page.getByRole("dialog").getByRole("table")).toBeVisible();
    await take("restore");

    gate.slow();
    await hozon(server.dataDirectory, "backup", "create", "--cluster", "staging", "--name", "Friday", "--no-wait");
    await page.goto(`${server.url}/jobs?in=staging`);
    await page.getByRole("table").getByRole("rowheader").getByRole("link").click();
    await expect(page.getByText(t("common.live"), { exact: true })).toBeVisible();
    await take("job");
  } finally {
    await gate.close();
    await server.stop();
  }
});

/** The pictures that a guide names, by the guide they are of. */
function named(language: Language, file: string): string[] {
  const text = readFileSync(path.join(root, "app", "help", language, file), "utf8");
  const pictures = text.matchAll(/^!\[[^\]]+\]\(\.\.\/\.\.\/\.\.\/public\/help\/(\w+)\/([\w-]+)\.webp\)$/gm);
  return [...pictures].map(([, of, guide]) => (of === language ? guide : `${guide} in ${of}`));
}

/** The browser writes WebP itself: a third of what a PNG takes. */
async function takeSmall(page: Page, file: string): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { data } = await browser.send("Page.captureScreenshot", { format: "webp", quality: 80 });
  await browser.detach();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.from(data, "base64"));
  expect(statSync(file).size, file).toBeLessThan(LARGEST);
}

test("the pictures of the guides", async ({ browser, world: { milvus } }) => {
  test.setTimeout(900_000);
  for (const language of LANGUAGES) {
    const pictures = readdirSync(path.join(root, "app", "help", language)).flatMap((file) => named(language, file));
    expect(pictures.sort(), language).toEqual(Object.keys(SHOWN).sort());
  }
  const { server, gate, last } = await furnished("guides", milvus);
  try {
    await addIntegration(server.dataDirectory, "exports");
    const session = { name: "hozon_session", value: await server.signIn(), url: server.url };
    for (const language of LANGUAGES) {
      const context = await browser.newContext({
        locale: LOCALE[language], viewport: SIZE, colorScheme: "light", reducedMotion: "reduce", timezoneId: "UTC",
      });
      await context.addCookies([session]);
      const page = await context.newPage();
      for (const [guide, address] of Object.entries(SHOWN)) {
        const here = address(last);
        const answer = await page.goto(server.url + here);
        expect(answer?.status(), here).toBe(200);
        await expect(page.locator("html")).toHaveAttribute("lang", language);
        if (here.includes("dialog=")) await expect(page.getByRole("dialog")).toBeVisible();
        // Buttons that islands make superfluous are hidden once these live.
        await expect(page.locator(".resubmit:not(.wired)")).toHaveCount(0);
        await page.evaluate(async () => {
          await document.fonts.ready;
        });
        await takeSmall(page, path.join(root, "public", "help", language, `${guide}.webp`));
      }
      await context.close();
    }
  } finally {
    await gate.close();
    await server.stop();
  }
});
