// Without a mouse: through the dialog that creates a backup, out of it, and through it.
import { type Page } from "@playwright/test";
import { dialog, expectJob } from "../support/console";
import { expect, test } from "../support/fixtures";
import { unique } from "../support/names";

/** Presses Tab until the element has the focus; a trap or a hole in the order shows as an element never reached. */
async function tabTo(page: Page, target: ReturnType<Page["locator"]>, most = 60): Promise<void> {
  for (let pressed = 0; pressed < most; pressed++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
}

test("the skip link leads past the navigation", async ({ page, t }) => {
  await page.goto("/backups");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: t("common.skip") })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("a backup is created by keys alone, and Escape gives the focus back", async ({ page, t, cluster }) => {
  const name = `Keys ${unique()}`;
  await page.goto(`/backups?in=${cluster}`);
  const open = page.getByRole("link", { name: t("backups.create") }).first();
  await tabTo(page, open);
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
  await expect.poll(() => dialog(page).evaluate((element) => element.matches(":modal"))).toBe(true);
  await expect.poll(() => dialog(page).evaluate((element) => element.contains(document.activeElement))).toBe(true);

  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/dialog=/);
  await expect(open).toBeFocused();

  await page.keyboard.press("Enter");
  await expect.poll(() => dialog(page).evaluate((element) => element.matches(":modal"))).toBe(true);
  const choice = dialog(page).getByLabel(t("create.cluster"), { exact: true });
  await tabTo(page, choice);
  await page.keyboard.type(cluster);
  await expect(choice).toHaveValue(cluster);
  await expect.poll(() => dialog(page).evaluate((element) => element.matches(":modal"))).toBe(true);
  await tabTo(page, dialog(page).getByLabel(t("create.name")));
  await page.keyboard.type(name);
  await tabTo(page, dialog(page).getByRole("radio", { name: t("create.scope_cluster") }));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(dialog(page).getByRole("radio", { name: t("create.scope_collections") })).toBeChecked();
  await tabTo(page, dialog(page).getByRole("checkbox", { name: "default.drafts", exact: true }));
  await page.keyboard.press("Space");
  await tabTo(page, dialog(page).getByRole("button", { name: t("create.submit") }));
  await page.keyboard.press("Enter");
  await expectJob(page, t, "successful");
});
