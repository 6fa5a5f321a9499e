// What is refused: said where it was typed, with everything typed still there, and nothing changed.
import { badge, createBackup, dialog, fillCreate, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { collections } from "../support/milvus";
import { unique } from "../support/names";
import { LANGUAGES, words } from "../support/words";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("a backup's name that exists", async ({ page, world, cluster }) => {
      const t = words(language);
      const taken = world.reference.name;
      await fillCreate(page, t, { cluster, name: taken, collections: ["default.drafts"] });
      await send(page, t("create.submit"));
      const refusal = dialog(page).getByRole("alert");
      await expect(refusal).toContainText(t("errors.backup_name_taken"));
      await expect(refusal).toContainText(t("advice.backup_name_taken"));
      await expect(dialog(page).getByLabel(t("create.name"))).toHaveValue(taken);
      await expect(dialog(page).getByLabel(t("create.cluster"), { exact: true })).toHaveValue(cluster);
      await expect(dialog(page).getByRole("radio", { name: t("create.scope_collections") })).toBeChecked();
      await expect(dialog(page).getByRole("checkbox", { name: "default.drafts", exact: true })).toBeChecked();
      await expectGood(page, language);
      await page.goto(`/backups?in=${cluster}`);
      await expect(page.getByText(t("backups.empty_filtered"))).toBeVisible();
    });
  });
}

test("no collection where some were to be chosen", async ({ page, t, cluster }) => {
  const name = `None ${unique()}`;
  await fillCreate(page, t, { cluster, name });
  await dialog(page).getByRole("radio", { name: t("create.scope_collections") }).check();
  await send(page, t("create.submit"));
  await expect(dialog(page).getByRole("alert")).toContainText(t("errors.invalid_input"));
  await expect(dialog(page).getByLabel(t("create.name"))).toHaveValue(name);
  await expect(dialog(page).getByRole("radio", { name: t("create.scope_collections") })).toBeChecked();
});

test("a suffix with characters that Milvus does not take", async ({ page, t, world }) => {
  const before = await collections(world.milvus);
  await page.goto(`/backups/${world.reference.id}?dialog=restore`);
  const field = dialog(page).getByLabel(t("restore.suffix"));
  await field.fill("-復元!");
  await dialog(page).getByRole("radio", { name: t("restore.load_release") }).check();

  await test.step("the browser says so", async () => {
    await send(page, t("restore.review"));
    expect(await field.evaluate((input: HTMLInputElement) => input.validity.patternMismatch)).toBe(true);
    await expect(dialog(page).getByRole("table")).toHaveCount(0);
  });

  await test.step("and so does the server, to whoever gets past the browser", async () => {
    await field.evaluate((input: HTMLInputElement) => (input.form!.noValidate = true));
    await send(page, t("restore.review"));
    await expect(dialog(page).getByRole("alert")).toContainText(t("errors.invalid_input"));
    await expect(dialog(page).getByRole("button", { name: t("restore.submit") })).toBeDisabled();
    await expectGood(page, "en");
  });

  await dialog(page).getByRole("link", { name: t("common.back"), exact: true }).click();
  await expect(field).toHaveValue("-復元!");
  await expect(dialog(page).getByRole("radio", { name: t("restore.load_release") })).toBeChecked();
  expect(await collections(world.milvus)).toEqual(before);
});

test("a restore onto collections that exist", async ({ page, t, world }) => {
  const before = await collections(world.milvus);
  await page.goto(`/backups/${world.reference.id}`);
  await page.getByRole("main").getByRole("link", { name: t("backup.restore"), exact: true }).click();
  await dialog(page).getByRole("checkbox", { name: "default.drafts", exact: true }).check();
  await send(page, t("restore.review"));
  await expect(dialog(page).getByRole("alert")).toContainText(t("restore.refused_one", { n: 1 }));
  await expect(dialog(page).getByRole("cell", { name: t("restore.exists"), exact: true })).toBeVisible();
  await expect(dialog(page).getByRole("button", { name: t("restore.submit") })).toBeDisabled();
  await expectGood(page, "en");
  await dialog(page).getByRole("link", { name: t("common.back"), exact: true }).click();
  await expect(dialog(page).getByRole("checkbox", { name: "default.drafts", exact: true })).toBeChecked();

  await test.step("posted all the same, it is refused where it was asked for", async () => {
    await page.goto(`/backups/${world.reference.id}?dialog=restore&step=review&collections[]=default.drafts`);
    await dialog(page).getByRole("button", { name: t("restore.submit") }).evaluate((button: HTMLButtonElement) => (button.disabled = false));
    await send(page, t("restore.submit"));
    await expect(dialog(page).getByRole("alert").filter({ hasText: t("errors.collection_exists") })).toBeVisible();
    await expect(page).toHaveURL(/dialog=restore/);
  });
  expect(await collections(world.milvus)).toEqual(before);
});

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
