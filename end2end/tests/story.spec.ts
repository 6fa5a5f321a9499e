// From nothing to a backup, its proof, its restore and its end, as a person goes through it in each language.
import { badge, chooseLanguage, createBackup, dialog, expectJob, fact, proof, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { collections } from "../support/milvus";
import { suffix, unique } from "../support/names";
import { LANGUAGES, words } from "../support/words";

const NAMES = { en: "Nightly", ja: "毎晩の控え", zh: "每晚备份" };
const CHOSEN = ["default.weather_by_city", "default.drafts"];

for (const language of LANGUAGES) {
  test(`create, watch, verify, restore and delete a backup (${language})`, async ({ page, cluster, world }) => {
    test.setTimeout(240_000);
    const t = words(language);
    const name = `${NAMES[language]} ${unique()}`;
    await page.goto("/backups");
    await chooseLanguage(page, words("en"), language);

    await test.step("create it from chosen collections", async () => {
      await createBackup(page, t, { cluster, name, collections: CHOSEN });
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
      // What was just written was also listed; more is known once somebody verifies it.
      await expect(proof(page, t)).toContainText(t("proofs.list"));
      const table = page.getByRole("table", { name: t("backup.tab_collections") });
      await expect(table.getByRole("rowheader")).toHaveCount(CHOSEN.length);
      for (const collection of CHOSEN) await expect(table.getByRole("rowheader").filter({ hasText: collection.split(".")[1] })).toBeVisible();
    });
    const backup = page.url();
    const rows = await fact(page, t("backup.rows")).innerText();
    expect(Number(rows.replace(/\D/g, ""))).toBeGreaterThan(0);

    await test.step("verify every byte", async () => {
      await page.getByRole("main").getByRole("link", { name: t("backup.verify"), exact: true }).first().click();
      await expect(dialog(page).getByRole("radio", { name: t("proofs.read") })).toBeChecked();
      await send(page, t("verify.submit"));
      await expectJob(page, t, "successful");
      await page.goto(backup);
      await expect(proof(page, t)).toContainText(t("proofs.read_about"));
    });

    await test.step("restore it under a suffix, after a look at the plan", async () => {
      const behind = suffix();
      await page.getByRole("main").getByRole("link", { name: t("backup.restore"), exact: true }).click();
      await dialog(page).getByLabel(t("restore.suffix")).fill(behind);
      await send(page, t("restore.review"));
      const plan = dialog(page).getByRole("table");
      for (const collection of CHOSEN) {
        const row = plan.getByRole("row").filter({ has: page.getByRole("cell", { name: collection, exact: true }) });
        await expect(row.getByRole("cell", { name: collection + behind, exact: true })).toBeVisible();
        await expect(row.getByText(t("restore.made"))).toBeVisible();
      }
      await send(page, t("restore.submit"));
      await expectJob(page, t, "successful");
      const there = await collections(world.milvus);
      for (const collection of CHOSEN) expect(there).toContain(collection.split(".")[1] + behind);
    });

    await test.step("delete it, after a question", async () => {
      await page.goto(backup);
      await page.getByRole("main").getByRole("link", { name: t("backup.delete"), exact: true }).click();
      await expect(dialog(page).getByText(t("delete.warn"))).toBeVisible();
      // The safe answer is the one at hand.
      await expect(dialog(page).getByRole("link", { name: t("delete.keep") })).toBeFocused();
      await send(page, t("delete.submit"));
      await expect(page).toHaveURL(/\/backups$/);
      await page.goto(backup);
      await expect.poll(async () => {
        await page.reload();
        return badge(page).innerText();
      }, { timeout: 60_000 }).toBe(t("states.deleted"));
      await page.goto(`/backups?search=${encodeURIComponent(name)}`);
      await expect(page.getByText(t("backups.empty_filtered"))).toBeVisible();
    });
  });
}
