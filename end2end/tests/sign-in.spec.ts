import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { hozon } from "../support/server";

test.use({ signedIn: false });

async function signIn(page: import("@playwright/test").Page, t: (key: string) => string, password: string): Promise<void> {
  await page.getByLabel(t("sign_in.name")).fill("admin");
  await page.getByLabel(t("sign_in.password")).fill(password);
  await page.getByRole("button", { name: t("sign_in.submit") }).click();
}

test("a wrong password is refused, the right one leads to where one wanted to go, and signing out ends it", async ({ page, t, world }) => {
  await page.goto("/jobs?kind=backup");
  await expect(page).toHaveURL(/\/sign-in\?next=/);

  await signIn(page, t, "not the password");
  await expect(page.getByRole("alert")).toContainText(t("errors.sign_in_refused"));
  await expect(page).toHaveURL(/\/sign-in\?/);
  await expect(page.getByLabel(t("sign_in.name"))).toHaveValue("admin");
  await expect(page.getByLabel(t("sign_in.password"))).toHaveValue("");
  await expectGood(page, "en");

  await signIn(page, t, world.password);
  await expect(page).toHaveURL(/\/jobs\?kind=backup$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("jobs.title"));
  const [session] = (await page.context().cookies()).filter(({ name }) => name === "hozon_session");
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });

  await page.getByRole("button", { name: t("nav.account") }).click();
  await page.getByRole("button", { name: t("nav.sign_out") }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto("/backups");
  await expect(page).toHaveURL(/\/sign-in\?next=/);

  // The secret that signed in is worth nothing now, wherever somebody kept it.
  await page.context().addCookies([session]);
  await page.goto("/backups");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test("a sign-in leads to no other host", async ({ page, t, world }) => {
  await page.goto("/sign-in?next=//example.org/");
  await signIn(page, t, world.password);
  await expect(page).toHaveURL(`${world.url}/backups`);
});

test("a one-time link signs in once", async ({ page, browser, t, world }) => {
  const { link } = await hozon<{ link: string }>(world.dataDirectory, "admin", "link", "--base-url", world.url);

  // Looking at it, as previews and scanners do, does not use it up.
  expect((await fetch(link)).status).toBe(200);
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("welcome.title"));
  await expectGood(page, "en");
  await expect(page.locator("body")).toMatchAriaSnapshot({ name: "en-welcome" });
  await page.getByRole("button", { name: t("welcome.submit") }).click();
  await expect(page).toHaveURL(/\/backups$/);

  const other = await browser.newContext({ locale: "en-US" });
  const second = await other.newPage();
  await second.goto(link);
  await expect(second.getByRole("heading", { level: 1 })).toHaveText(t("welcome.used_title"));
  await expect(second.getByText(t("errors.link_expired"))).toBeVisible();
  await expect(second.getByRole("button", { name: t("welcome.submit") })).toHaveCount(0);
  await expectGood(second, "en");
  await other.close();
});
