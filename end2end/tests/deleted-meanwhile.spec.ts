// What was deleted in another window is said to be gone, not deleted twice.
import { badge, createBackup, dialog, fillCreate, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { collections } from "../support/milvus";
import { unique } from "../support/names";
import { LANGUAGES, words } from "../support/words";

test("a backup that is deleted while its dialog is open", async ({ page, t, cluster }) => {
  const name = `Gone ${unique()}`;
  await createBackup(page, t, { cluster, name, collections: ["default.drafts"] });
  await page.getByRole("main").getByRole("link", { name: t("backup.delete"), exact: true }).click();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await send(other, t("delete.submit"));
  await expect(other).toHaveURL(/\/backups$/);
  await other.close();
  await send(page, t("delete.submit"));
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expect(badge(page)).not.toHaveText(t("states.available"));
});
