// Signing in by an identity provider: the button, the provider's own form, and back with the role that its claims give.
// Refusals and a provider that is down are said; no second step follows. All of it without a script, too.
import type { Page } from "@playwright/test";
import { dialog, fact, send } from "../support/console";
import { expect, test as base } from "../support/fixtures";
import { expectFitsPhone, expectGood, expectTranslated } from "../support/good";
import { type Claims, NAME, Provider, consoleWith } from "../support/provider";
import { type Server, hozon } from "../support/server";
import { code } from "../support/totp";
import { LANGUAGES, type Words } from "../support/words";

const PASSWORD = "correct horse battery";
const ALICE: Claims = { preferred_username: "alice", groups: ["search-team", "others"] };
/** Would own everything, if anybody had added them. */
const MALLORY: Claims = { preferred_username: "mallory", groups: ["hozon-owners"] };
const WANTED = "/jobs?kind=backup";

interface Door {
  provider: Provider;
  /** The console behind it: every path is on that one. */
  server: Server;
}

const test = base.extend<Door>({
  provider: async ({}, use) => {
    const provider = await Provider.planned();
    await use(provider);
    await provider.stop();
  },
  server: async ({ provider, language }, use) => {
    const server = await consoleWith(provider, `provider-${language}`);
    await hozon(server.dataDirectory, "user", "add", "alice", "--role", "read_only");
    await use(server);
    await server.stop();
  },
  baseURL: async ({ server }, use) => use(server.url),
  page: async ({ page }, use) => {
    // The provider's page asks for its looks elsewhere; nothing leaves this machine.
    await page.route(/^https:/, (route) => route.fulfill({ contentType: "text/css", body: "" }));
    await use(page);
  },
});

test.use({ signedIn: false, provoked: /status of 403|\/favicon\.ico/ });

const button = (page: Page, t: Words) => page.getByRole("link", { name: t("oidc.button", { name: NAME }), exact: true });

/** From the sign-in page to the provider's form, where one of its buttons is pressed. */
async function atProvider(page: Page, t: Words, provider: Provider, pressed: string): Promise<void> {
  await button(page, t).click();
  await page.waitForURL((url) => url.origin === provider.issuer);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Authorize Client");
  await page.getByRole("button", { name: pressed, exact: true }).click();
}

/** Whether the page says why nobody was let in, and nobody was. */
async function expectRefused(page: Page, t: Words, why: "failed" | "refused"): Promise<void> {
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?provider=${why}&next=`));
  const error = why === "failed" ? "provider_failed" : "identity_refused";
  await expect(page.getByRole("alert")).toContainText(t(`errors.${error}`));
  await expect(page.getByRole("alert")).toContainText(t(`advice.${error}`));
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("hozon_session");
  await expect(button(page, t)).toHaveAttribute("href", `/oidc/sign-in?next=${encodeURIComponent(WANTED)}`);
}

/** Ends what this browser knows of a session. */
async function forget(page: Page): Promise<void> {
  await page.context().clearCookies({ name: "hozon_session" });
}

for (const [language, javaScriptEnabled] of [...LANGUAGES.map((language) => [language, true] as const), ["en", false] as const]) {
  test.describe(javaScriptEnabled ? language : `${language}, with no script at all`, () => {
    test.use({ language, javaScriptEnabled });

    test("who the provider vouches for comes in, as what its claims say", async ({ page, t, server, provider }) => {
      test.setTimeout(240_000);
      const { dataDirectory, url } = server;
      // Where no script runs, axe cannot either; what it looks at is the same page.
      const expectGoodToThem = () => (javaScriptEnabled ? expectGood(page, language) : expectTranslated(page, language));

      await test.step("a provider that is down is said to be, beside the button that leads there", async () => {
        await page.goto(WANTED);
        await expect(page).toHaveURL(/\/sign-in\?next=/);
        await expect(button(page, t)).toBeVisible();
        await expectGoodToThem();
        await expectFitsPhone(page);
        await button(page, t).click();
        await expectRefused(page, t, "failed");
        await expectGoodToThem();
        await expectFitsPhone(page);
      });

      await provider.start(`provider-mock-${language}`, { "s-1": ALICE, "s-2": MALLORY });
      await test.step("who says no there is not let in here", async () => {
        await atProvider(page, t, provider, "Deny");
        await expectRefused(page, t, "failed");
      });

      await test.step("whom nobody added is not let in, whatever the claims give", async () => {
        await atProvider(page, t, provider, "s-2");
        await expectRefused(page, t, "refused");
        await expectGoodToThem();
        await expectFitsPhone(page);
        const users = await hozon<{ name: string }[]>(dataDirectory, "user", "list");
        expect(users.map(({ name }) => name).sort()).toEqual(["admin", "alice"]);
      });

      await test.step("whom somebody added comes in, where they wanted to go", async () => {
        await atProvider(page, t, provider, "s-1");
        await expect(page).toHaveURL(`${url}${WANTED}`);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("jobs.title"));
        const cookies = await page.context().cookies();
        expect(cookies.find(({ name }) => name === "hozon_session")).toMatchObject({ httpOnly: true, sameSite: "Lax" });
        expect(cookies.map(({ name }) => name), "what lay here meanwhile").not.toContain("hozon_oidc");
      });

      await test.step("with the role that the claims give, and no other", async () => {
        const alice = await hozon<{ grants: { role: string; scope?: object }[] }>(dataDirectory, "user", "show", "alice");
        expect(alice.grants.map(({ role, scope }) => [role, scope !== undefined])).toEqual([["read_write", true]]);
        const answer = await page.goto("/access/members");
        expect(answer?.status()).toBe(403);
        await expect(page.getByRole("alert")).toContainText("user:view");
        await page.goto("/clusters");
        await expect(page.locator(".withheld code")).toHaveText(["cluster:create"]);
      });

      await test.step("what the claims give changes with them, at the next sign-in", async () => {
        await provider.tells("s-1", { ...ALICE, groups: ["hozon-owners"] });
        await forget(page);
        await page.goto("/access/members/alice");
        await atProvider(page, t, provider, "s-1");
        await expect(page).toHaveURL(`${url}/access/members/alice`);
        await expect(fact(page, t("members.signs_in"))).toHaveText(t("oidc.provider"));
        const roles = page.getByRole("table", { name: t("grants.list", { name: "alice" }) });
        await expect(roles.getByRole("rowheader")).toHaveText([t("role_names.organization_owner")]);
        await expectGoodToThem();
        await expectFitsPhone(page);
      });

      await test.step("a second step follows the password, and not the provider", async () => {
        await switchOnTwoSteps(page, t, server);
        await forget(page);
        await page.goto("/sign-in");
        await page.getByLabel(t("sign_in.name"), { exact: true }).fill("alice");
        await page.getByLabel(t("sign_in.password"), { exact: true }).fill(PASSWORD);
        await page.getByRole("button", { name: t("sign_in.submit"), exact: true }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("two_steps.step_title"));
        await page.goto(WANTED);
        await atProvider(page, t, provider, "s-1");
        await expect(page).toHaveURL(`${url}${WANTED}`);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("jobs.title"));
      });
    });
  });
}

/** By a one-time link to a password, and from there to codes of an app. */
async function switchOnTwoSteps(page: Page, t: Words, { dataDirectory, url }: Server): Promise<void> {
  const { link } = await hozon<{ link: string }>(dataDirectory, "admin", "link", "--user", "alice", "--base-url", url);
  await page.goto(link);
  await page.getByLabel(t("welcome.password_change"), { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: t("welcome.submit") }).click();
  await expect(page).toHaveURL(/\/backups$/);
  await page.goto("/access/sessions");
  const part = page.getByRole("region", { name: t("two_steps.title"), exact: true });
  await part.getByRole("button", { name: t("two_steps.on") }).click();
  const key = await dialog(page).locator(".copyable code").innerText();
  await page.getByLabel(t("password.present"), { exact: true }).fill(PASSWORD);
  await page.getByLabel(t("two_steps.code"), { exact: true }).fill(code(key));
  await send(page, t("two_steps.on"));
  await expect(page.getByRole("status")).toContainText(t("two_steps.done_on"));
}
