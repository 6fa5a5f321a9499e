// The quiet line under a dialog: a command or a call of the API, in step with the form; and the calls do what they say.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { type Locator, type Page } from "@playwright/test";
import { dialog } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { collections } from "../support/milvus";
import { MAIN_CLUSTER, suffix } from "../support/names";
import { Server, addCluster, addIntegration, hozon } from "../support/server";
import { LANGUAGES, type Words } from "../support/words";

const shell = promisify(execFile);

interface Answer {
  code: number;
  data: { jobId: string; backupId: string; backupName: string };
}

const command = (page: Page): Locator => dialog(page).locator(".command-text");
const call = (page: Page): Locator => dialog(page).locator(".call-text");

async function choose(page: Page, word: string): Promise<void> {
  await dialog(page).getByRole("radio", { name: word, exact: true }).check();
}

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("one of the two is shown, and both follow the form", async ({ page, t }) => {
      await page.goto(`/backups?dialog=create&cluster=${MAIN_CLUSTER}`);
      await expect(dialog(page).locator(".by-command .copy")).toBeVisible();
      await expect(command(page)).toHaveText(`hozon backup create --cluster ${MAIN_CLUSTER}`);
      await expect(call(page)).toBeHidden();
      await choose(page, t("call.api"));
      await expect(command(page)).toBeHidden();
      await expect(call(page)).toContainText(`-d '{"backupType":"CLUSTER"}'`);
      await expectGood(page, language);
      await expectFitsPhone(page);

      await dialog(page).getByRole("radio", { name: t("create.scope_collections") }).check();
      await dialog(page).getByRole("checkbox", { name: "default.drafts", exact: true }).check();
      await expect(call(page)).toContainText(`"dbCollections":[{"dbName":"default","collectionNames":["drafts"]}]`);

      await dialog(page).getByLabel(t("create.name")).fill("夜間の控え");
      await expect(call(page)).toBeHidden();
      await expect(dialog(page).getByText(t("call.none"))).toBeVisible();
      await expectGood(page, language);
      await choose(page, t("call.cli"));
      await expect(command(page)).toContainText("--name 夜間の控え --collections default.drafts");
      await expect(dialog(page).getByText(t("call.none"))).toBeHidden();
    });
  });
}

/** Copies the call under the open dialog, as a person does. */
async function copied(page: Page, t: Words): Promise<string> {
  await choose(page, t("call.api"));
  const button = dialog(page).locator(".by-call .copy");
  await button.click();
  await expect(button).toHaveAccessibleName(t("common.copied"));
  return page.evaluate(() => navigator.clipboard.readText());
}

test("what is copied does what the dialog would", async ({ page, context, t, world }) => {
  test.setTimeout(240_000);
  const server = await Server.start("calls");
  try {
    const { dataDirectory, url } = server;
    await addCluster(dataDirectory, world.milvus, "storehouse");
    const integration = await addIntegration(dataDirectory, "shelf");
    const place = path.join(dataDirectory, "elsewhere");
    mkdirSync(place);
    await hozon(dataDirectory, "repository", "add", "大阪", "--url", `file://${place}`);
    const { secret } = await hozon<{ secret: string }>(dataDirectory, "key", "create", "script", "--role", "project_admin@default");
    await context.addCookies([{ name: "hozon_session", value: await server.signIn(), url }]);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });

    const run = async (): Promise<Answer["data"]> => {
      const text = await copied(page, t);
      expect(text).not.toContain(secret);
      const env = { ...process.env, HOZON_API_KEY: secret, NO_PROXY: "127.0.0.1,localhost" };
      const { stdout } = await shell("sh", ["-c", text], { env });
      const answer = JSON.parse(stdout) as Answer;
      expect(answer, text).toMatchObject({ code: 0 });
      return answer.data;
    };
    const finished = (id: string) => hozon(dataDirectory, "job", "wait", id);

    await page.goto(`${url}/backups?dialog=create&cluster=storehouse&scope=collections`);
    await expect(dialog(page).locator(".by-command .copy")).toBeVisible();
    await dialog(page).getByRole("checkbox", { name: "default.drafts", exact: true }).check();
    const made = await run();
    expect(made.backupName).toMatch(/^drafts_backup\d+$/);
    await finished(made.jobId);
    const backup = `${url}/backups/${made.backupId}`;

    await test.step("it is verified", async () => {
      await page.goto(`${backup}?dialog=verify&level=list`);
      await finished((await run()).jobId);
    });

    await test.step("it is named anew, with signs that a shell reads", async () => {
      const name = `今の'控え' "1" $HOME`;
      await page.goto(`${backup}?dialog=rename`);
      await expect(dialog(page).locator(".by-command .copy")).toBeVisible();
      await dialog(page).getByLabel(t("rename.name")).fill(name);
      expect((await run()).backupName).toBe(name);
      await page.goto(backup);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    });

    await test.step("it is restored under the name of the form", async () => {
      const behind = suffix();
      await page.goto(`${backup}?dialog=restore&step=review&suffix=${behind}`);
      await finished((await run()).jobId);
      expect(await collections(world.milvus)).toContain(`drafts${behind}`);
      await page.goto(`${backup}?dialog=restore&existing=replace`);
      await choose(page, t("call.api"));
      await expect(dialog(page).getByText(t("call.none"))).toBeVisible();
    });

    await test.step("it is exported and copied", async () => {
      await page.goto(`${backup}?dialog=export&directory=2026`);
      await finished((await run()).jobId);
      expect(existsSync(path.join(integration.directory, "2026", made.backupId, "meta", "backup_meta.json"))).toBe(true);
      await page.goto(`${backup}?tab=copies&dialog=copy`);
      await finished((await run()).jobId);
      expect(existsSync(path.join(place, "backups", made.backupId, "manifest.json"))).toBe(true);
    });

    await test.step("integration and backup are removed", async () => {
      await page.goto(`${url}/integrations/${integration.id}?dialog=remove`);
      await run();
      await page.goto(`${url}/integrations`);
      await expect(page.getByRole("link", { name: integration.name, exact: true })).toHaveCount(0);
      await page.goto(`${backup}?dialog=delete`);
      expect((await run()).backupId).toBe(made.backupId);
    });
  } finally {
    await server.stop();
  }
});

test.describe("with its WebAssembly blocked", () => {
  test.use({ provoked: /\.wasm|Failed to fetch|ERR_FAILED/ });

  test("the call is there to be read", async ({ page, t, world, messages }) => {
    await page.route(/\.wasm/, (route) => route.abort());
    await page.goto(`/backups/${world.reference.id}?dialog=verify`);
    await expect.poll(() => messages.length, { message: "the block works" }).toBeGreaterThan(0);
    await expect(call(page)).toBeHidden();
    await choose(page, t("call.api"));
    await expect(call(page)).toContainText(`/backups/${world.reference.id}/verify`);
    await expect(call(page)).toContainText(`-d '{"level":"read"}'`);
    await expect(command(page)).toBeHidden();
  });
});
