// Archives come back: found at the place of an integration, adopted for a cluster, refused where they are not whole.
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { dialog, expectJob, fact, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { unique } from "../support/names";
import { addCluster, addIntegration, createBackup, hozon } from "../support/server";
import { LANGUAGES } from "../support/words";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("what lies there is listed, and adopted as a backup of a cluster", async ({ page, t, world }) => {
      const { dataDirectory, milvus } = world;
      const cluster = `adopt-${unique()}`;
      await addCluster(dataDirectory, milvus, cluster);
      const name = `Exported ${unique()}`;
      const { backup } = await createBackup(dataDirectory, cluster, name, "--collections", "drafts");
      const integration = await addIntegration(dataDirectory, `archives-${unique()}`);
      const place = ["--integration", integration.name];
      await hozon(dataDirectory, "backup", "export", backup.id, ...place, "--directory", "exports/2026");
      await hozon(dataDirectory, "backup", "export", backup.id, ...place, "--directory", "whole", "--format", "repository");
      const rows = page.getByRole("table").getByRole("row");

      await test.step("the integration's page leads there", async () => {
        await page.goto(`/integrations/${integration.id}`);
        await page.getByRole("link", { name: t("adopt.open") }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("adopt.title"));
        await expect(rows.filter({ hasText: `exports/2026/${backup.id}` })).toContainText(t("export.format_archive"));
        const whole = rows.filter({ hasText: `whole/${backup.id}` });
        await expect(whole).toContainText(t("export.format_repository"));
        await expect(whole).toContainText("default.drafts");
        await expectGood(page, language);
      });

      await test.step("a directory is looked in alone", async () => {
        await page.getByLabel(t("adopt.within")).first().fill("exports");
        await page.getByRole("button", { name: t("adopt.look") }).click();
        await expect(rows.filter({ hasText: backup.id })).toHaveCount(1);
      });

      await test.step("a name that is taken is refused, and everything typed stays", async () => {
        // In its own documents an archive bears the backup's identifier: other readers take only plain names.
        await page.getByRole("link", { name: t("adopt.choose_name", { name: backup.id }) }).click();
        await dialog(page).getByLabel(t("adopt.cluster"), { exact: true }).selectOption(cluster);
        await dialog(page).getByLabel(t("adopt.backup_name")).fill(name);
        await send(page, t("adopt.submit"));
        await expect(dialog(page).getByRole("alert")).toContainText(t("errors.backup_name_taken"));
        await expect(dialog(page).getByLabel(t("adopt.cluster"), { exact: true })).toHaveValue(cluster);
        await expect(dialog(page).getByLabel(t("adopt.backup_name"))).toHaveValue(name);
        await expectGood(page, language);
      });

      const adopted = `Adopted ${unique()}`;
      await test.step("it is adopted, and stands among the cluster's backups", async () => {
        await dialog(page).getByLabel(t("adopt.backup_name")).fill(adopted);
        await send(page, t("adopt.submit"));
        await expectJob(page, t, "successful");
        await expect(page.getByRole("heading", { level: 1 })).toContainText(t("kinds.adopt"));
        await page.goto(`/backups?in=${cluster}`);
        await page.getByRole("link", { name: adopted }).first().click();
        await expect(fact(page, t("backups.cluster"))).toContainText(cluster);
      });

      await test.step("one that is torn is shown, and not adopted", async () => {
        const backups = path.join(integration.directory, "whole", backup.id, "backups", backup.id, "collections");
        for (const file of readdirSync(backups)) rmSync(path.join(backups, file));
        await page.goto(`/backups/adopt?integration=${integration.name}&within=whole`);
        await page.getByRole("link", { name: t("adopt.choose_name", { name }) }).click();
        await dialog(page).getByLabel(t("adopt.backup_name")).fill(`Torn ${unique()}`);
        await send(page, t("adopt.submit"));
        await expect(dialog(page).getByRole("alert")).toContainText(t("errors.repository_damaged"));
        await expectGood(page, language);
      });
    });
  });
}
