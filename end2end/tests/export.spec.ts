// A backup leaves the house: exported by the dialog to a directory, followed, refused, tidied up after.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { badge, dialog, expectJob, fact, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { unique } from "../support/names";
import { Server, addCluster, addIntegration, createBackup } from "../support/server";
import { LANGUAGES } from "../support/words";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("a backup is exported, and what failed is tidied up", async ({ page, t, world }) => {
      const { dataDirectory, milvus } = world;
      const cluster = `export-${unique()}`;
      await addCluster(dataDirectory, milvus, cluster);
      const { backup } = await createBackup(dataDirectory, cluster, `Exported ${unique()}`, "--collections", "drafts");
      const integration = await addIntegration(dataDirectory, `disk-${unique()}`);
      const target = path.join(integration.directory, "exports", "2026", backup.id);
      const open = async () => {
        await page.goto(`/backups/${backup.id}`);
        await page.getByRole("main").getByRole("link", { name: t("backup.export"), exact: true }).click();
      };
      const fill = async (directory: string) => {
        await dialog(page).getByLabel(t("export.configuration"), { exact: true }).selectOption(integration.name);
        await dialog(page).getByLabel(t("export.directory")).fill(directory);
        await send(page, t("export.submit"));
      };

      await test.step("the dialog says where from, and asks where to", async () => {
        await open();
        await expect(fact(page, t("export.region"))).toHaveText(t("export.region_none"));
        await expect(dialog(page).getByLabel(t("export.integration"), { exact: true })).toHaveValue("local");
        await expect(dialog(page).getByRole("radio", { name: t("export.format_archive") })).toBeChecked();
      });

      await test.step("a directory outside is refused, and everything typed stays", async () => {
        await fill("../up");
        await expect(dialog(page).getByRole("alert")).toContainText(t("errors.invalid_input"));
        await expect(dialog(page).getByLabel(t("export.directory"))).toHaveValue("../up");
        await expect(dialog(page).getByLabel(t("export.configuration"), { exact: true })).toHaveValue(integration.name);
        await expectGood(page, language);
      });

      await test.step("what lies in the way is not overwritten, and can be removed", async () => {
        const meta = path.join(target, "meta");
        mkdirSync(meta, { recursive: true });
        writeFileSync(path.join(meta, "full_meta.json"), "{}");
        await fill("exports/2026");
        await expectJob(page, t, "failed");
        await expect(page.getByRole("alert")).toContainText(t("errors.export_target_taken"));
        await expect(page.getByText(t("job.export_stays"))).toBeVisible();
        await expectGood(page, language);
        await page.getByRole("button", { name: t("job.sweep") }).click();
        await expect(page.getByText(t("done.sweep"))).toBeVisible();
        expect(existsSync(path.join(meta, "full_meta.json"))).toBe(false);
      });

      await test.step("it is exported", async () => {
        await open();
        await fill("exports/2026");
        await expectJob(page, t, "successful");
        await expect(page.getByRole("heading", { level: 1 })).toContainText(t("kinds.export"));
        await expect(fact(page, t("export.integration"))).toHaveText(integration.name);
        await expect(fact(page, t("export.directory"))).toHaveText("exports/2026");
        await expect(page.getByRole("button", { name: t("job.sweep") })).toHaveCount(0);
        await expectGood(page, language);
        expect(existsSync(path.join(target, "meta", "backup_meta.json"))).toBe(true);
        await page.goto("/jobs?kind=export");
        await expect(page.getByRole("table").getByRole("row").filter({ hasText: t("kinds.export") }).first()).toBeVisible();
      });
    });
  });
}

test("where there is no integration the dialog leads to making one", async ({ page, context, t, world }) => {
  test.setTimeout(120_000);
  const server = await Server.start("export");
  try {
    await addCluster(server.dataDirectory, world.milvus, "lonely");
    const { backup } = await createBackup(server.dataDirectory, "lonely", "Lonely", "--collections", "drafts");
    await context.addCookies([{ name: "hozon_session", value: await server.signIn(), url: server.url }]);
    await page.goto(`${server.url}/backups/${backup.id}?dialog=export`);
    await expect(dialog(page)).toContainText(t("export.none"));
    await expectGood(page, "en");
    await dialog(page).getByRole("link", { name: t("integrations.add") }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("integration_add.title"));
    await expect(badge(page)).toHaveCount(0);
  } finally {
    await server.stop();
  }
});
