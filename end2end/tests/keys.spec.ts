// API keys, sessions and the reference of the APIs: a key is made, shown once, used and removed; sessions are ended, a
// password is changed; what somebody may not do is named.
import type { Page } from "@playwright/test";
import { dialog, send } from "../support/console";
import type { World } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { MAIN_CLUSTER, unique } from "../support/names";
import { hozon } from "../support/server";
import { LANGUAGES, type Words } from "../support/words";

const PASSWORD = "correct horse battery";
const NEW_PASSWORD = "another horse altogether";

/** What a program with this key is answered. */
function listBackups(world: World, key: string): Promise<Response> {
  return fetch(`${world.url}/v2/backups`, { headers: { authorization: `Bearer ${key}` } });
}

/** A user who is there for a while, and signed in on this page. */
async function withUser(page: Page, t: Words, world: World, body: (name: string) => Promise<void>): Promise<void> {
  const name = `reader-${unique()}`;
  await hozon(world.dataDirectory, "user", "add", name, "--role", "read_only");
  try {
    const { link } = await hozon<{ link: string }>(world.dataDirectory, "admin", "link", "--user", name, "--base-url", world.url);
    await page.goto(link);
    await page.getByLabel(t("welcome.password_change"), { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: t("welcome.submit") }).click();
    await expect(page).toHaveURL(/\/backups$/);
    await body(name);
  } finally {
    await hozon(world.dataDirectory, "user", "remove", name);
  }
}

async function signIn(page: Page, t: Words, world: World, name: string, password: string): Promise<void> {
  await page.goto(`${world.url}/sign-in`);
  await page.getByLabel(t("sign_in.name")).fill(name);
  await page.getByLabel(t("sign_in.password")).fill(password);
  await page.getByRole("button", { name: t("sign_in.submit") }).click();
}

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("a key is made, shown once, used and removed", async ({ page, t, world }) => {
      const name = `鍵 ${unique()}`;
      const submit = page.getByRole("button", { name: t("key_add.submit"), exact: true });
      const until = page.getByLabel(t("key_add.until"), { exact: true });
      const cluster = page.getByRole("checkbox", { name: new RegExp(`^${MAIN_CLUSTER}\\b`) });
      await page.goto("/access/keys");
      await page.getByRole("main").getByRole("link", { name: t("key_add.title") }).first().click();
      await expect(page).toHaveURL(/\/access\/keys\/new$/);

      await test.step("a moment that has passed is refused, and what was typed stays", async () => {
        await expect(cluster).toBeHidden();
        await page.getByLabel(t("key_add.name"), { exact: true }).fill(name);
        await page.getByRole("radio", { name: t("grants.on_clusters") }).check();
        await cluster.check();
        await page.getByRole("radio", { name: t("key_add.date") }).check();
        await until.fill("2020-01-01T00:00");
        await expect(page.locator(".command-text")).toHaveText(
          `hozon key create '${name}' --role read_only@default/${MAIN_CLUSTER} --until '2020-01-01T00:00[UTC]'`,
        );
        await submit.click();
        await expect(page.getByRole("alert")).toContainText(t("errors.invalid_input"));
        await expect(page.getByLabel(t("key_add.name"), { exact: true })).toHaveValue(name);
        await expect(cluster).toBeChecked();
        await expect(until).toHaveValue("2020-01-01T00:00");
        await expectGood(page, language);
        await expectFitsPhone(page);
      });

      const row = page.getByRole("row").filter({ hasText: name });
      const made = page.getByRole("region", { name: t("api_keys.made_title", { name }) });
      let secret = "";
      await test.step("it is shown once, and lets a program in", async () => {
        await page.getByRole("radio", { name: t("key_add.days", { n: 30 }) }).check();
        await submit.click();
        await expect(page).toHaveURL(/\/access\/keys$/);
        secret = await made.locator(".secret").innerText();
        expect(secret).toMatch(/^hozon_[a-z0-9]{40}$/);
        await expect(made).toContainText(`curl -H "Authorization: Bearer ${secret}" ${world.url}/v2/backups`);
        const cookies = await page.context().cookies();
        expect(cookies.map((cookie) => cookie.name)).not.toContain("hozon_made_key");
        await expectGood(page, language);
        await expectFitsPhone(page);
        const answer = await listBackups(world, secret);
        expect([answer.status, ((await answer.json()) as { code: number }).code]).toEqual([200, 0]);

        await page.goto("/access/keys");
        await expect(row).toContainText(t("role_names.read_only"));
        await expect(row).toContainText(t("grants.clusters", { clusters: MAIN_CLUSTER, project: "default" }));
        await expect(made).toHaveCount(0);
        expect(await page.content()).not.toContain(secret);
      });

      await test.step("it is removed after a question, and lets nobody in any more", async () => {
        await row.getByRole("link", { name: t("api_keys.remove") }).click();
        await expect(dialog(page).getByRole("link", { name: t("api_keys.remove_keep") })).toBeFocused();
        await expect(dialog(page).locator(".command-text")).toHaveText(`hozon key remove '${name}'`);
        await expectGood(page, language);
        await send(page, t("api_keys.remove_submit"));
        await expect(page).toHaveURL(/\/access\/keys$/);
        await expect(row).toHaveCount(0);
        expect((await listBackups(world, secret)).status).toBe(401);
      });
    });
  });
}

test("the clusters of no cluster are not the whole project", async ({ page, t }) => {
  await page.goto("/access/keys/new?place=clusters");
  await page.getByLabel(t("key_add.name"), { exact: true }).fill(`none ${unique()}`);
  await page.getByRole("button", { name: t("key_add.submit"), exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("clusters");
  await expect(page).toHaveURL(/\/access\/keys\/new\?/);
});

test("the reference lists the operations, and shows them to try in a frame, light and dark", async ({ page, t }) => {
  await page.goto("/access/api");
  await page.locator(".operations summary").click();
  await expect(page.getByRole("cell", { name: "/v2/clusters/{cluster}/backups/create", exact: true })).toBeVisible();
  await expectGood(page, "en");
  await expectFitsPhone(page);
  const frame = page.frameLocator(`iframe[title="${t("api_reference.frame")}"]`);
  await expect(frame.locator('[data-path="/backups/adopt"]')).toBeVisible();
  await expect(frame.locator("html")).not.toHaveClass(/dark-mode/);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(frame.locator("html")).toHaveClass(/dark-mode/);
  const address = await page.getByRole("link", { name: t("api_reference.openapi") }).getAttribute("href");
  const document = await page.request.get(address ?? "");
  expect(((await document.json()) as { openapi: string }).openapi).toBe("3.1.0");
});

test.describe("of somebody's own", () => {
  test.use({ signedIn: false });

  test("sessions end, and who knows the password changes it", async ({ page, browser, t, world }) => {
    test.setTimeout(180_000);
    await withUser(page, t, world, async (name) => {
      const other = await browser.newContext({ locale: "en-US" });
      const second = await other.newPage();
      const rows = page.getByRole("region", { name: t("sessions.own") }).locator("tbody tr");

      await test.step("one that is not this one", async () => {
        await signIn(second, t, world, name, PASSWORD);
        await expect(second).toHaveURL(/\/backups$/);
        await page.getByRole("button", { name: t("nav.account") }).click();
        await page.getByRole("link", { name: t("sessions.menu") }).click();
        await expect(rows).toHaveCount(2);
        await expect(rows.filter({ hasText: t("sessions.here") })).toHaveCount(1);
        await expectGood(page, "en");
        await rows.filter({ hasNotText: t("sessions.here") }).getByRole("button", { name: t("sessions.end") }).click();
        await expect(page.getByRole("status")).toContainText(t("done.session"));
        await expect(rows).toHaveCount(1);
        await second.goto(`${world.url}/backups`);
        await expect(second).toHaveURL(/\/sign-in/);
      });

      await test.step("all others", async () => {
        await signIn(second, t, world, name, PASSWORD);
        await expect(second).toHaveURL(/\/backups$/);
        await page.goto("/access/sessions");
        await page.getByRole("button", { name: t("sessions.end_others") }).click();
        await expect(rows).toHaveCount(1);
        await expect(page.getByRole("button", { name: t("sessions.end_others") })).toHaveCount(0);
        await second.goto(`${world.url}/backups`);
        await expect(second).toHaveURL(/\/sign-in/);
      });

      await test.step("the present password is asked for", async () => {
        const field = (key: string) => dialog(page).getByLabel(t(key), { exact: true });
        const change = async (present: string, again: string) => {
          await field("password.present").fill(present);
          await field("welcome.password_change").fill(NEW_PASSWORD);
          await field("password.again").fill(again);
          await send(page, t("password.title"));
        };
        await page.getByRole("main").getByRole("link", { name: t("password.title") }).click();
        await change("not the password", NEW_PASSWORD);
        await expect(dialog(page).getByRole("alert")).toContainText(t("errors.sign_in_refused"));
        await expect(field("password.present")).toHaveValue("");
        await expectGood(page, "en");
        await change(PASSWORD, "another horse all together");
        await expect(dialog(page).getByRole("alert")).toContainText(t("errors.invalid_input"));
        await change(PASSWORD, NEW_PASSWORD);
        await expect(page.getByRole("status")).toContainText(t("done.password"));
        await signIn(second, t, world, name, NEW_PASSWORD);
        await expect(second).toHaveURL(/\/backups$/);
      });
      await other.close();
    });
  });

  test.describe("without a right", () => {
    // The browser itself says that a page was refused.
    test.use({ provoked: /status of 403/ });

    test("the right is named", async ({ page, t, world }) => {
      await withUser(page, t, world, async () => {
        const list = await page.goto("/access/keys");
        expect(list?.status()).toBe(403);
        await expect(page.getByRole("alert")).toContainText("key:view");
        await expect(page.getByRole("button", { name: t("key_add.title") })).toBeDisabled();
        await expect(page.getByText("key:create")).toBeVisible();
        await expectGood(page, "en");
        await expectFitsPhone(page);
        const form = await page.goto("/access/keys/new");
        expect(form?.status()).toBe(403);
        await expect(page.getByRole("alert")).toContainText("key:create");
        await page.goto("/access/sessions");
        await expect(page.getByText("user:view")).toBeVisible();
      });
    });
  });
});

test.describe("with no script at all", () => {
  test.use({ javaScriptEnabled: false });

  test("a key is made, and the operations are listed", async ({ page, t, world }) => {
    const name = `bare-${unique()}`;
    await page.goto("/access/keys/new");
    await page.getByLabel(t("key_add.name"), { exact: true }).fill(name);
    await page.getByRole("button", { name: t("key_add.submit"), exact: true }).click();
    await expect(page.getByRole("region", { name: t("api_keys.made_title", { name }) })).toContainText("hozon_");
    await hozon(world.dataDirectory, "key", "remove", name);

    await page.goto("/access/api");
    await expect(page.getByRole("link", { name: t("api_reference.openapi") })).toHaveAttribute("href", "/v2/docs/doc.json");
    await page.locator(".operations summary").click();
    await expect(page.getByRole("cell", { name: "/v2/backups", exact: true })).toBeVisible();
  });
});
