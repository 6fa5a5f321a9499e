// Members: added, let in by a link that is shown once, given a role and relieved of it, refused, removed.
import { type Page } from "@playwright/test";
import { chooseLanguage, dialog, fact, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { MEMBER, unique } from "../support/names";
import { hozon } from "../support/server";
import { LANGUAGES, LOCALE, words } from "../support/words";

const PASSWORD = "correct horse battery";

interface User {
  name: string;
  grants: { role: string }[];
}

const command = (page: Page) => page.locator(".command-text");

for (const language of LANGUAGES) {
  test(`a member comes and goes (${language})`, async ({ page, browser, world }) => {
    test.setTimeout(180_000);
    const t = words(language);
    const name = `taro-${unique()}`;
    const main = page.getByRole("main");
    const link = (text: string) => main.getByRole("link", { name: text, exact: true });
    await page.goto("/access");
    await expect(page).toHaveURL(/\/access\/members$/);
    await chooseLanguage(page, words("en"), language);

    await test.step("clusters, but none of them: it is said what is missing, and what was typed is kept", async () => {
      await link(t("members.add")).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("members.add"));
      await page.getByLabel(t("member_add.name"), { exact: true }).fill(name);
      await page.getByRole("radio", { name: t("role_names.read_write") }).check();
      await page.getByRole("radio", { name: t("grants.on_clusters"), exact: true }).check();
      await main.getByRole("button", { name: t("members.add") }).click();
      await expect(page.getByRole("alert")).toContainText(t("errors.invalid_input"));
      await expect(page.getByLabel(t("member_add.name"), { exact: true })).toHaveValue(name);
      await expect(page.getByRole("radio", { name: t("role_names.read_write") })).toBeChecked();
      await expect(page.getByRole("radio", { name: t("grants.on_clusters"), exact: true })).toBeChecked();
    });

    let invitation = "";
    await test.step("without a password there is a link, shown this once", async () => {
      await page.getByRole("radio", { name: t("grants.in_project"), exact: true }).check();
      await page.getByLabel(t("grants.which_project"), { exact: true }).selectOption("default");
      await expect(command(page)).toHaveText(`hozon user add ${name} --role read_write@default`);
      await main.getByRole("button", { name: t("members.add") }).click();
      await expect(page).toHaveURL(`${world.url}/access/members/${name}`);
      await expect(page.getByRole("status")).toContainText(t("members.done_added"));
      await expect(fact(page, t("members.signs_in"))).toHaveText(t("members.link_only"));
      const shown = page.getByRole("region", { name: t("members.link_title") });
      invitation = await shown.locator("code").innerText();
      expect(invitation).toMatch(new RegExp(`^${world.url}/welcome/[a-z2-7]{40}$`));
      expect((await page.context().cookies()).map((cookie) => cookie.name)).not.toContain("hozon_link");
      await expectGood(page, language);
      await expectFitsPhone(page);
      await page.reload();
      await expect(shown).toHaveCount(0);
      expect(await page.content()).not.toContain(invitation);
    });

    const theirs = await browser.newContext({ locale: LOCALE[language] });
    const other = await theirs.newPage();
    await test.step("the link lets them in, to what their role allows", async () => {
      await other.goto(invitation);
      await other.getByLabel(t("welcome.password_change")).fill(PASSWORD);
      await other.getByRole("button", { name: t("welcome.submit") }).click();
      await expect(other).toHaveURL(/\/backups$/);
      const answer = await other.goto(`${world.url}/access/members`);
      expect(answer?.status()).toBe(403);
      await expect(other.getByRole("alert")).toContainText(t("errors.permission_denied"));
      await expect(other.getByRole("alert")).toContainText("user:view");
      await expectGood(other, language);
      await other.getByRole("main").getByRole("link", { name: t("access.roles"), exact: true }).click();
      await expect(other.getByRole("heading", { level: 1 })).toHaveText(t("access.roles"));
      await expect(other.locator(".page-action")).toContainText("role:create");
      await expect(other.getByRole("button", { name: t("roles.create") })).toBeDisabled();
      await expectGood(other, language);
    });

    await test.step("a role more, and one less", async () => {
      await page.reload();
      await expect(fact(page, t("members.signs_in"))).toHaveText(t("members.password"));
      const sessions = page.getByRole("table", { name: t("access.sessions") });
      await expect(sessions.getByRole("rowheader")).toHaveCount(1);
      await link(t("grants.add")).click();
      await dialog(page).getByRole("radio", { name: t("role_names.read_only") }).check();
      await dialog(page).getByRole("radio", { name: t("grants.everywhere"), exact: true }).check();
      await expect(command(page)).toHaveText(`hozon user grant ${name} --role read_write@default --role read_only`);
      await expectGood(page, language);
      await send(page, t("grants.add"));
      await expect(page.getByRole("status")).toContainText(t("members.done_granted"));
      const roles = page.getByRole("table", { name: t("grants.list", { name }) });
      await expect(roles.getByRole("rowheader")).toHaveText([t("role_names.read_write"), t("role_names.read_only")]);
      const row = roles.getByRole("row").filter({ hasText: t("role_names.read_write") });
      await expect(row).toContainText(t("grants.project", { project: "default" }));
      await row.getByRole("button", { name: t("grants.revoke") }).click();
      await expect(page.getByRole("status")).toContainText(t("members.done_revoked"));
      await expect(roles.getByRole("rowheader")).toHaveText([t("role_names.read_only")]);
      await expectGood(page, language);
    });

    await test.step("removed after a question, with every session", async () => {
      await link(t("members.remove")).click();
      await expect(dialog(page).getByRole("link", { name: t("members.remove_keep") })).toBeFocused();
      await expect(command(page)).toHaveText(`hozon user remove ${name}`);
      await send(page, t("members.remove_submit"));
      await expect(page).toHaveURL(/\/access\/members$/);
      await expect(page.getByRole("status")).toContainText(t("members.done_removed"));
      await expect(main.getByRole("link", { name, exact: true })).toHaveCount(0);
      await expect(main.getByRole("link", { name: MEMBER, exact: true })).toBeVisible();
      await other.goto(`${world.url}/backups`);
      await expect(other).toHaveURL(/\/sign-in/);
    });
    await theirs.close();
  });
}

test("the last owner stays", async ({ page, t, world }) => {
  const users = await hozon<User[]>(world.dataDirectory, "user", "list");
  const owners = users.filter(({ grants }) => grants.some(({ role }) => role === "organization_owner"));
  expect(owners.map(({ name }) => name), "nobody else may be an owner here").toEqual(["admin"]);

  await page.goto("/access/members/admin?dialog=remove");
  await expect(dialog(page)).toContainText(t("members.remove_own"));
  await send(page, t("members.remove_submit"));
  await expect(dialog(page).getByRole("alert")).toContainText(t("errors.last_owner"));
  await expect(dialog(page).getByRole("alert")).toContainText(t("advice.last_owner"));
  await expectGood(page, "en");

  await page.goto("/access/members/admin");
  await page.getByRole("button", { name: t("grants.revoke") }).click();
  await expect(page.getByRole("alert")).toContainText(t("errors.last_owner"));
  await expect(page.getByRole("table", { name: t("grants.list", { name: "admin" }) })).toContainText(t("role_names.organization_owner"));
});

test("a name that is taken, and a password that is too short, change nothing", async ({ page, t, world }) => {
  const before = await hozon<User[]>(world.dataDirectory, "user", "list");
  const add = page.getByRole("main").getByRole("button", { name: t("members.add") });
  const password = page.getByLabel(`${t("member_add.password")} (${t("common.optional")})`, { exact: true });
  await page.goto("/access/members/new");
  await page.getByLabel(t("member_add.name"), { exact: true }).fill(MEMBER);
  await password.fill(PASSWORD);
  await expect(command(page)).toHaveText(`hozon user add ${MEMBER} --role read_only --password-file FILE`);
  await add.click();
  await expect(page.getByRole("alert")).toContainText(t("errors.user_name_taken"));
  await expect(password).toHaveValue("");
  expect(page.url()).not.toContain("horse");

  await page.getByLabel(t("member_add.name"), { exact: true }).fill(`short-${unique()}`);
  await password.fill("elevenchars");
  await password.evaluate((input: HTMLInputElement) => (input.form!.noValidate = true));
  await add.click();
  await expect(page.getByRole("alert")).toContainText(t("errors.invalid_input"));
  expect(await hozon<User[]>(world.dataDirectory, "user", "list")).toEqual(before);
});

test("whoever is called like a page has one, too", async ({ page, t, world }) => {
  await hozon(world.dataDirectory, "user", "add", "new", "--role", "read_only");
  await page.goto("/access/members");
  await page.getByRole("main").getByRole("link", { name: "new", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("new");
  await page.getByRole("button", { name: t("members.link_make") }).click();
  await expect(page.getByRole("region", { name: t("members.link_title") })).toContainText("/welcome/");
  await page.getByRole("main").getByRole("link", { name: t("members.remove"), exact: true }).click();
  await send(page, t("members.remove_submit"));
  await expect(page).toHaveURL(/\/access\/members$/);
});
