// The first start, each time on a server that nobody has an account on: where the link is, a wrong one, and the right one.
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { Server, hozon } from "../support/server";
import { LANGUAGES, LOCALE, type Language, type Words } from "../support/words";

type Page = import("@playwright/test").Page;

const OWNER: Record<Language, string> = { en: "admin", ja: "花子", zh: "小明" };
const PASSWORD = "correct horse battery";

// A browser says itself that a page was refused.
test.use({ signedIn: false, provoked: /status of 403/ });

function heading(page: Page) {
  return page.getByRole("heading", { level: 1 });
}

async function send(page: Page, t: Words, password: string, again: string): Promise<void> {
  await page.getByLabel(t("sign_in.password"), { exact: true }).fill(password);
  await page.getByLabel(t("set_up.again"), { exact: true }).fill(again);
  await page.getByRole("button", { name: t("set_up.title"), exact: true }).click();
}

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });
    let server: Server;

    test.beforeAll(async () => {
      server = await Server.start(`set-up-${language}`, { claimed: false });
    });
    test.afterAll(async () => server?.stop());

    test("from the printed link to the first cluster", async ({ page, browser, t }) => {
      test.setTimeout(180_000);
      for (const path of ["/", "/backups?page=2", "/sign-in"]) {
        await page.goto(server.url + path);
        await expect(page).toHaveURL(`${server.url}/set-up`);
      }
      await expect(heading(page)).toHaveText(t("set_up.waiting_title"));
      await expect(page.getByText("hozon serve", { exact: true })).toBeVisible();
      await expectGood(page, language);
      await expectFitsPhone(page);
      await expect(page.locator("body")).toMatchAriaSnapshot({ name: `${language}-set-up-waiting` });

      const wrong = await page.goto(`${server.url}/set-up?token=${"x".repeat(40)}`);
      expect(wrong?.status()).toBe(403);
      await expect(heading(page)).toHaveText(t("welcome.used_title"));
      await expect(page.getByRole("alert")).toHaveText(t("set_up.wrong"));
      await expectGood(page, language);
      await expectFitsPhone(page);

      // Looking at it, as previews and scanners do, does not use it up.
      expect(server.link).toMatch(new RegExp(`^${server.url}/set-up\\?token=[a-z2-7]{40}$`));
      expect((await fetch(server.link)).status).toBe(200);
      await page.goto(server.link);
      await expect(heading(page)).toHaveText(t("set_up.title"));
      await expect(page.getByLabel(t("sign_in.name"))).toHaveValue("admin");
      await expect(page.getByText(`${server.dataDirectory}/repository`)).toBeVisible();
      await expect(page.getByText(new URL(server.url).host, { exact: true })).toBeVisible();
      await expectGood(page, language);
      await expectFitsPhone(page);
      if (language === "en") await expect(page.locator("body")).toMatchAriaSnapshot({ name: "en-set-up" });

      await page.getByLabel(t("sign_in.name")).fill(OWNER[language]);
      await send(page, t, PASSWORD, "another password");
      await expect(page.getByRole("alert")).toHaveText(t("set_up.differs"));
      await expect(page.getByLabel(t("sign_in.name"))).toHaveValue(OWNER[language]);
      await expect(page.getByLabel(t("sign_in.password"), { exact: true })).toHaveValue("");
      await expectGood(page, language);

      await send(page, t, PASSWORD, PASSWORD);
      await expect(page).toHaveURL(`${server.url}/clusters/new`);
      await expect(page.getByText(t("set_up.done"))).toBeVisible();
      await expect(page.getByRole("button", { name: t("nav.account") })).toContainText(OWNER[language]);
      await expectGood(page, language);
      const [session] = (await page.context().cookies()).filter(({ name }) => name === "hozon_session");
      expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });

      const users = await hozon<{ name: string; grants: { role: string }[] }[]>(server.dataDirectory, "user", "list");
      expect(users.map(({ name, grants }) => [name, grants.map(({ role }) => role)])).toEqual([[OWNER[language], ["organization_owner"]]]);

      const other = await browser.newContext({ locale: LOCALE[language] });
      const second = await other.newPage();
      await second.goto(server.link);
      await expect(heading(second)).toHaveText(t("set_up.over_title"));
      await expect(second.getByLabel(t("sign_in.password"), { exact: true })).toHaveCount(0);
      await expectGood(second, language);
      await second.getByRole("main").getByRole("link", { name: t("sign_in.title") }).click();
      await second.getByLabel(t("sign_in.name")).fill(OWNER[language]);
      await second.getByLabel(t("sign_in.password")).fill(PASSWORD);
      await second.getByRole("button", { name: t("sign_in.submit") }).click();
      await expect(second).toHaveURL(`${server.url}/backups`);
      await other.close();

      await page.goto(server.link);
      await expect(page).toHaveURL(`${server.url}/backups`);
    });
  });
}

test.describe("with no script at all", () => {
  test.use({ javaScriptEnabled: false });
  let server: Server;

  test.beforeAll(async () => {
    server = await Server.start("set-up-bare", { claimed: false });
  });
  test.afterAll(async () => server?.stop());

  test("the owner is made, too", async ({ page, t }) => {
    await page.goto(server.link);
    await send(page, t, PASSWORD, PASSWORD);
    await expect(page).toHaveURL(`${server.url}/clusters/new`);
    await expect(heading(page)).toHaveText(t("cluster_add.title"));
  });
});

test.describe("where a link was printed by a command meanwhile", () => {
  let server: Server;

  test.beforeAll(async () => {
    server = await Server.start("set-up-command", { claimed: false });
  });
  test.afterAll(async () => server?.stop());

  test("it signs the owner in, and that of the start ends", async ({ page, t }) => {
    const { link } = await hozon<{ link: string }>(server.dataDirectory, "admin", "link", "--base-url", server.url);
    await page.goto(server.link);
    await expect(heading(page)).toHaveText(t("set_up.over_title"));
    await page.goto(link);
    await page.getByLabel(t("welcome.password_change"), { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: t("welcome.submit") }).click();
    await expect(page).toHaveURL(`${server.url}/backups`);
  });
});
