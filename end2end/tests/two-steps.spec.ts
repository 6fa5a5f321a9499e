// The second step of signing in: switched on with an app's first code, asked for, stood in for by a recovery code,
// switched off by an owner. All of it without a script, too.
import type { Page } from "@playwright/test";
import { dialog, fact, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood, expectTranslated } from "../support/good";
import { unique } from "../support/names";
import { hozon } from "../support/server";
import { code } from "../support/totp";
import { LANGUAGES, LOCALE, words } from "../support/words";

const PASSWORD = "correct horse battery";

for (const [language, javaScriptEnabled] of [...LANGUAGES.map((language) => [language, true] as const), ["en", false] as const]) {
  const how = javaScriptEnabled ? language : `${language}, with no script at all`;
  test(`a code follows the password (${how})`, async ({ page, browser, world }) => {
    test.setTimeout(180_000);
    const t = words(language);
    const name = `careful-${unique()}`;
    await hozon(world.dataDirectory, "user", "add", name, "--role", "read_only");
    const { link } = await hozon<{ link: string }>(world.dataDirectory, "admin", "link", "--user", name, "--base-url", world.url);
    const context = await browser.newContext({ locale: LOCALE[language], javaScriptEnabled });
    const theirs = await context.newPage();
    const part = theirs.getByRole("region", { name: t("two_steps.title"), exact: true });
    const field = (on: Page, key: string) => on.getByLabel(t(key), { exact: true });
    const signIn = async () => {
      await theirs.goto(`${world.url}/sign-in`);
      await field(theirs, "sign_in.name").fill(name);
      await field(theirs, "sign_in.password").fill(PASSWORD);
      await theirs.getByRole("button", { name: t("sign_in.submit") }).click();
      await expect(theirs.getByRole("heading", { level: 1 })).toHaveText(t("two_steps.step_title"));
    };
    // Where no script runs, axe cannot either; what it looks at is the same page.
    const expectGoodToThem = () => (javaScriptEnabled ? expectGood(theirs, language) : expectTranslated(theirs, language));
    const type = async (typed: string) => {
      await field(theirs, "two_steps.code").fill(typed);
      await theirs.getByRole("button", { name: t("sign_in.submit") }).click();
    };
    try {
      await theirs.goto(link);
      await field(theirs, "welcome.password_change").fill(PASSWORD);
      await theirs.getByRole("button", { name: t("welcome.submit") }).click();
      await expect(theirs).toHaveURL(/\/backups$/);

      let key = "";
      let recovery: string[] = [];
      await test.step("an app reads the key, and its first code switches it on", async () => {
        await theirs.goto(`${world.url}/access/sessions`);
        await expect(part).toContainText(t("two_steps.is_off"));
        await part.getByRole("button", { name: t("two_steps.on") }).click();
        await expect(dialog(theirs).getByRole("img", { name: t("two_steps.picture") })).toBeVisible();
        key = await dialog(theirs).locator(".copyable code").innerText();
        expect(key).toMatch(/^[A-Z2-7]{32}$/);
        await expectGoodToThem();
        await expectFitsPhone(theirs);
        for (const [present, typed, error] of [
          ["not the password", code(key), "errors.sign_in_refused"],
          [PASSWORD, "000000", "errors.code_refused"],
        ]) {
          await field(theirs, "password.present").fill(present);
          await field(theirs, "two_steps.code").fill(typed);
          await send(theirs, t("two_steps.on"));
          await expect(dialog(theirs).getByRole("alert")).toContainText(t(error));
          // The page is whole and alive before somebody types again.
          await theirs.waitForLoadState("networkidle");
        }
        await field(theirs, "password.present").fill(PASSWORD);
        await field(theirs, "two_steps.code").fill(code(key));
        await send(theirs, t("two_steps.on"));
        await expect(theirs.getByRole("status")).toContainText(t("two_steps.done_on"));
        const made = part.getByRole("region", { name: t("two_steps.made_title") });
        recovery = (await made.locator("pre").innerText()).trim().split("\n");
        expect(recovery).toHaveLength(10);
        await expect(part).toContainText(t("two_steps.codes_left", { n: 10 }));
        await expectGoodToThem();
        await expectFitsPhone(theirs);
        await theirs.goto(`${world.url}/access/sessions`);
        await expect(made).toHaveCount(0);
      });

      await test.step("the code is asked for, and counts once", async () => {
        await context.clearCookies({ name: "hozon_session" });
        await signIn();
        await expectGoodToThem();
        await expectFitsPhone(theirs);
        await type("000000");
        await expect(theirs.getByRole("alert")).toContainText(t("errors.code_refused"));
        const next = code(key, 1);
        await type(next);
        await expect(theirs).toHaveURL(/\/backups$/);
        await context.clearCookies({ name: "hozon_session" });
        await signIn();
        await type(next);
        await expect(theirs.getByRole("alert")).toContainText(t("errors.code_refused"));
      });

      await test.step("a recovery code stands in for it", async () => {
        await type(recovery[0]);
        await expect(theirs).toHaveURL(/\/backups$/);
        await theirs.goto(`${world.url}/access/sessions`);
        await expect(part).toContainText(t("two_steps.codes_left", { n: 9 }));
      });

      await test.step("an owner switches it off", async () => {
        const own = words("en");
        await page.goto(`/access/members/${name}`);
        await expect(fact(page, own("members.signs_in"))).toHaveText(own("two_steps.with_code"));
        await page.getByRole("main").getByRole("link", { name: own("two_steps.member_off") }).click();
        await expect(dialog(page)).toContainText(`hozon user totp off ${name}`);
        await expectGood(page, "en");
        await send(page, own("two_steps.off"));
        await expect(page.getByRole("status")).toContainText(own("two_steps.done_off"));
        await expect(fact(page, own("members.signs_in"))).toHaveText(own("members.password"));
      });
    } finally {
      await context.close();
      await hozon(world.dataDirectory, "user", "remove", name);
    }
  });
}
