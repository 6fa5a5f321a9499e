// With its WebAssembly blocked, the console still does everything: forms post, links lead, pages are complete.
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { badge, dialog, fillCreate, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { unique } from "../support/names";

test.use({ provoked: /\.wasm|Failed to fetch|ERR_FAILED/ });

test.beforeEach(async ({ page }) => {
  await page.route(/\.wasm/, (route) => route.abort());
});

test("a backup is created, watched by refreshing, listed and deleted", async ({ page, t, cluster, messages }) => {
  test.setTimeout(180_000);
  const name = `Plain ${unique()}`;
  await fillCreate(page, t, { cluster, name, collections: ["default.drafts"] }, true);
  await expect.poll(() => messages.length, { message: "the block works" }).toBeGreaterThan(0);
  await send(page, t("create.submit"));

  await expect(page).toHaveURL(/\/jobs\/[^/?]+$/);
  await expect(async () => {
    const refresh = page.getByRole("link", { name: t("common.refresh"), exact: true });
    if (await refresh.isVisible()) await refresh.click();
    await expect(badge(page)).toHaveText(t("job_states.successful"), { timeout: 1_000 });
  }).toPass();

  await page.goto(`/backups?in=${cluster}`);
  await page.getByRole("table").getByRole("link", { name, exact: true }).click();
  await expect(badge(page)).toHaveText(t("states.available"));
  await page.getByRole("main").getByRole("link", { name: t("backup.delete"), exact: true }).click();
  await dialog(page).getByRole("link", { name: t("delete.keep") }).click();
  await expect(dialog(page)).toHaveCount(0);
  await page.getByRole("main").getByRole("link", { name: t("backup.delete"), exact: true }).click();
  await send(page, t("delete.submit"));
  await expect(page).toHaveURL(/\/backups$/);
  await expect(async () => {
    await page.goto(`/backups?in=${cluster}`);
    await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
});

test("a restore's plan is shown before it is asked for", async ({ page, t, world }) => {
  await page.goto(`/backups/${world.reference.id}`);
  await page.getByRole("main").getByRole("link", { name: t("backup.restore"), exact: true }).click();
  await dialog(page).getByLabel(t("restore.suffix")).fill("_plain");
  await send(page, t("restore.review"));
  await expect(dialog(page).getByRole("cell", { name: "default.drafts_plain", exact: true })).toBeVisible();
  await expect(dialog(page).getByRole("button", { name: t("restore.submit") })).toBeEnabled();
});

test("an integration is made, and a backup exported there", async ({ page, t, world, messages }) => {
  const { id } = world.reference;
  const name = `plain-${unique()}`;
  const directory = path.join(world.dataDirectory, name);
  mkdirSync(directory);
  await page.goto("/integrations/new?provider=local");
  await page.getByLabel(t("integration_add.name"), { exact: true }).fill(name);
  await page.getByLabel(t("integration_add.directory"), { exact: true }).fill(directory);
  await expect.poll(() => messages.length, { message: "the block works" }).toBeGreaterThan(0);
  await page.getByRole("button", { name: t("integration_add.submit") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);

  await page.goto(`/backups/${id}?dialog=export`);
  await dialog(page).getByRole("button", { name: t("export.show") }).click();
  await dialog(page).getByLabel(t("export.configuration"), { exact: true }).selectOption(name);
  await send(page, t("export.submit"));
  await expect(page).toHaveURL(/\/jobs\/[^/?]+$/);
  await expect(async () => {
    const refresh = page.getByRole("link", { name: t("common.refresh"), exact: true });
    if (await refresh.isVisible()) await refresh.click();
    await expect(badge(page)).toHaveText(t("job_states.successful"), { timeout: 1_000 });
  }).toPass();
  expect(existsSync(path.join(directory, id, "meta", "backup_meta.json"))).toBe(true);
});

test.describe("with no script at all", () => {
  test.use({ javaScriptEnabled: false });

  test("the forms still send", async ({ page, t, cluster }) => {
    const name = `Bare ${unique()}`;
    await page.goto(`/backups?dialog=create&cluster=${cluster}`);
    await dialog(page).getByLabel(t("create.name")).fill(name);
    await dialog(page).getByRole("radio", { name: t("create.scope_collections") }).check();
    await dialog(page).getByRole("checkbox", { name: "default.drafts", exact: true }).check();
    await send(page, t("create.submit"));
    await expect(page).toHaveURL(/\/jobs\/[^/?]+$/);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  });
});
