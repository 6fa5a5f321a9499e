// Roles: made of privileges, changed, kept while somebody has them, removed.
import { type Page } from "@playwright/test";
import { dialog, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { unique } from "../support/names";
import { hozon } from "../support/server";
import { LANGUAGES } from "../support/words";

const box = (page: Page, privilege: string) => page.getByRole("checkbox", { name: new RegExp(`${privilege}$`) });

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("a role is made, changed, given and removed", async ({ page, t, world }) => {
      test.setTimeout(120_000);
      const id = unique();
      const [name, holder] = [`検証係-${id}`, `keeper-${id}`];
      const main = page.getByRole("main");
      const button = (text: string) => main.getByRole("button", { name: text, exact: true });

      await test.step("the table says what the built-in roles may do", async () => {
        await page.goto("/access/roles");
        const row = page.getByRole("row").filter({ hasText: "backup:delete" });
        await expect(row.getByRole("cell")).toHaveText([t("roles.yes"), t("roles.yes"), t("roles.no"), t("roles.no")]);
        await main.getByRole("link", { name: t("role_names.organization_owner"), exact: true }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("role_names.organization_owner"));
        await expect(page.getByRole("table", { name: t("roles.holders") }).getByRole("link", { name: "admin", exact: true })).toBeVisible();
        await expect(box(page, "user:delete")).toBeDisabled();
        await expect(page.getByText(t("roles.built_in"))).toBeVisible();
      });

      await test.step("one without privileges is refused", async () => {
        await page.goto("/access/roles");
        await main.getByRole("link", { name: t("roles.create"), exact: true }).click();
        await page.getByLabel(t("roles.name"), { exact: true }).fill(name);
        await button(t("roles.create")).click();
        await expect(page.getByRole("alert")).toContainText(t("errors.invalid_input"));
        await expect(page.getByLabel(t("roles.name"), { exact: true })).toHaveValue(name);
      });

      await test.step("with some it is made", async () => {
        await box(page, "backup:view").check();
        await box(page, "backup:verify").check();
        await expect(page.locator(".command-text")).toHaveText(`hozon role create ${name} --privilege backup:view,backup:verify`);
        await expectGood(page, language);
        await button(t("roles.create")).click();
        await expect(page.getByRole("status")).toContainText(t("roles.done_created"));
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
        await expect(page.getByText(t("roles.nobody"))).toBeVisible();
        await expectGood(page, language);
        await expectFitsPhone(page);
      });

      await test.step("it is changed", async () => {
        await box(page, "backup:verify").uncheck();
        await box(page, "job:view").check();
        await button(t("roles.save")).click();
        await expect(page.getByRole("status")).toContainText(t("roles.done_saved"));
        await expect(box(page, "job:view")).toBeChecked();
        await expect(box(page, "backup:verify")).not.toBeChecked();
      });

      await test.step("while somebody has it, it stays", async () => {
        await hozon(world.dataDirectory, "user", "add", holder, "--role", `${name}@default`);
        await page.reload();
        await expect(page.getByRole("table", { name: t("roles.holders") })).toContainText(holder);
        await main.getByRole("link", { name: t("roles.remove"), exact: true }).click();
        await expect(dialog(page).getByRole("link", { name: t("roles.remove_keep") })).toBeFocused();
        await expect(dialog(page)).toContainText(t("roles.remove_used", { names: holder }));
        const remove = dialog(page).getByRole("button", { name: t("roles.remove_submit") });
        await expect(remove).toBeDisabled();
        await expectGood(page, language);
        await remove.evaluate((element: HTMLButtonElement) => (element.disabled = false));
        await send(page, t("roles.remove_submit"));
        await expect(dialog(page).getByRole("alert")).toContainText(t("errors.role_in_use"));
        await expect(dialog(page).getByRole("alert")).toContainText(holder);
      });

      await test.step("and then goes", async () => {
        await hozon(world.dataDirectory, "user", "remove", holder);
        await page.reload();
        await send(page, t("roles.remove_submit"));
        await expect(page).toHaveURL(/\/access\/roles$/);
        await expect(page.getByRole("status")).toContainText(t("roles.done_removed"));
        await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0);
      });
    });
  });
}
