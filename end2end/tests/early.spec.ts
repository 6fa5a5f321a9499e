// Who types before the WebAssembly came keeps the field and every letter when it comes.
import { dialog } from "../support/console";
import { expect, test } from "../support/fixtures";

test("a dialog that becomes modal leaves the focus where somebody types", async ({ page, t }) => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route(/\.wasm/, async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto("/access/sessions?dialog=password");
  const first = dialog(page).getByLabel(t("password.present"), { exact: true });
  const field = dialog(page).getByLabel(t("welcome.password_change"), { exact: true });
  await expect(first).toBeFocused();
  await field.click();
  await page.keyboard.type("correct horse ");
  await expect(page.locator("dialog:modal")).toHaveCount(0);
  arrive();
  await expect(page.locator("dialog:modal")).toBeVisible();
  await page.keyboard.type("battery");
  await expect(field).toHaveValue("correct horse battery");
  await expect(first).toHaveValue("");
});
