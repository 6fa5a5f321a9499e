// How somebody likes it: language, light or dark, and a small screen.
import { chooseLanguage } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { LANGUAGES, OWN_NAME, words } from "../support/words";

for (const [accepts, language] of [
  ["fr-FR, ja;q=0.8, en;q=0.5", "ja"],
  ["zh-TW,zh;q=0.9,en;q=0.8", "zh"],
  ["de, fr;q=0.5", "en"],
] as const) {
  test(`a browser that accepts ${accepts} is answered in ${language}`, async ({ request }) => {
    const answer = await request.get("/backups", { headers: { "accept-language": accepts } });
    const page = await answer.text();
    expect(page).toMatch(new RegExp(`<html[^>]* lang="${language}"`));
    expect(page).toContain(words(language)("backups.about"));
  });
}

test("the chosen language stays, on every page and against the browser's", async ({ page }) => {
  await page.goto("/clusters?x=1");
  let from = words("en");
  for (const language of [...LANGUAGES.slice(1), "en" as const]) {
    await chooseLanguage(page, from, language);
    await expect(page).toHaveURL(/\/clusters\?x=1$/);
    from = words(language);
    await page.goto("/jobs");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(from("jobs.title"));
    await expect(page.getByRole("button", { name: from("nav.language") })).toContainText(OWN_NAME[language]);
    await page.goto("/clusters?x=1");
  }
});

test("dark stays dark from the first paint on", async ({ page, t }) => {
  const ground = async () => {
    // Choosing a theme loads the page anew; before its style sheet is there, it has no ground.
    await page.waitForLoadState();
    return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  };
  await page.goto("/backups");
  const light = await ground();
  await page.getByRole("button", { name: t("nav.theme") }).click();
  await page.getByRole("button", { name: t("nav.theme_dark"), exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const dark = await ground();
  expect(dark).not.toBe(light);
  await expectGood(page, "en");

  // The document itself says it: no script has to run first, so nothing flashes.
  const answer = await page.request.get("/jobs");
  expect(await answer.text()).toMatch(/<html[^>]*data-theme="?dark/);
  await page.goto("/jobs");
  expect(await ground()).toBe(dark);

  await page.getByRole("button", { name: t("nav.theme") }).click();
  await page.getByRole("button", { name: t("nav.theme_light"), exact: true }).click();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  expect(await ground()).toBe(light);
  await page.getByRole("button", { name: t("nav.theme") }).click();
  await page.getByRole("button", { name: t("nav.theme_auto"), exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "auto");
  expect(await ground()).toBe(dark);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("the navigation is a drawer", async ({ page, t }) => {
    await page.goto("/backups");
    const navigation = page.getByRole("navigation", { name: t("nav.main") });
    await expect(navigation).toBeHidden();
    await page.getByRole("button", { name: t("nav.open") }).click();
    await expect(navigation).toBeVisible();
    await expectGood(page, "en");
    await page.keyboard.press("Escape");
    await expect(navigation).toBeHidden();
    await page.getByRole("button", { name: t("nav.open") }).click();
    await navigation.getByRole("link", { name: t("nav.jobs") }).click();
    await expect(page).toHaveURL(/\/jobs$/);
    await expect(navigation).toBeHidden();
  });

  test("the create dialog can be filled in and left", async ({ page, t }) => {
    await page.goto("/backups");
    await page.getByRole("link", { name: t("backups.create") }).first().click();
    const send = page.getByRole("dialog").getByRole("button", { name: t("create.submit") });
    await send.scrollIntoViewIfNeeded();
    await expect(send).toBeInViewport();
    await page.getByRole("dialog").getByRole("link", { name: t("common.close"), exact: true }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
});
