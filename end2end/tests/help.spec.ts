// The guides: in the language of their address, for everybody, and linked from where they are needed.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { chooseLanguage } from "../support/console";
import { root } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { MAIN_CLUSTER } from "../support/names";
import { LANGUAGES, OWN_NAME, words } from "../support/words";

const directory = path.join(root, "app", "help");
const GUIDES = readdirSync(path.join(directory, "en")).map((file) => path.basename(file, ".md"));

function title(language: string, guide: string): string {
  const [first] = readFileSync(path.join(directory, language, `${guide}.md`), "utf8").split("\n");
  return first.replace(/^# /, "");
}

for (const language of LANGUAGES) {
  // The browser asks for another language throughout: the address decides.
  test.describe(`help in ${language}`, () => {
    test.use({ language: language === "en" ? "ja" : "en" });

    test("every guide is good, and everything in it leads somewhere", async ({ page }) => {
      test.setTimeout(240_000);
      const seen = new Set<string>();
      for (const guide of ["", ...GUIDES]) {
        const here = `/${language}/help${guide && `/${guide}`}`;
        const answer = await page.goto(here);
        expect(answer?.status(), here).toBe(200);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(guide ? title(language, guide) : words(language)("help.title"));
        await expectGood(page, language);
        await expectFitsPhone(page);
        const main = page.getByRole("main");
        const taken = existsSync(path.join(root, "public", "help", language, `${guide}.webp`));
        await expect(main.locator("article img"), `pictures of ${here}`).toHaveCount(taken ? 1 : 0);
        const empty = await main.locator("img").evaluateAll((all) =>
          (all as HTMLImageElement[]).filter((image) => !image.alt || (image.complete && image.naturalWidth === 0)).map((image) => image.src),
        );
        expect(empty, `pictures of ${here}`).toEqual([]);
        const links = await main.getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
        const local = links.map((href) => href.split("#")[0]).filter((href) => href.startsWith("/") && !seen.has(href));
        for (const href of local) {
          seen.add(href);
          expect((await page.request.get(href)).status(), `${href} of ${here}`).toBe(200);
        }
      }
      for (const guide of GUIDES) expect(seen, `the list names ${guide}`).toContain(`/${language}/help/${guide}`);
    });

    test("the page says its language and where the others are", async ({ page }) => {
      await page.goto(`/${language}/help/restore`);
      const alternates = await page.locator("head link[rel=alternate]").evaluateAll((all) =>
        all.map((link) => [link.getAttribute("hreflang"), link.getAttribute("href")]),
      );
      expect(alternates.sort()).toEqual([
        ...LANGUAGES.map((other) => [other, `/${other}/help/restore`]), ["x-default", "/en/help/restore"],
      ].sort());
    });
  });
}

test("another language is the same guide, for now by its link and for good by the switch", async ({ page, t }) => {
  await page.goto("/en/help/restore");
  await page.getByRole("navigation", { name: t("help.languages") }).getByRole("link", { name: OWN_NAME.zh }).click();
  await expect(page).toHaveURL(/\/zh\/help\/restore$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title("zh", "restore"));
  await page.goto("/jobs");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");

  await page.goto("/en/help/restore");
  await chooseLanguage(page, t, "ja");
  await expect(page).toHaveURL(/\/ja\/help\/restore$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title("ja", "restore"));
  await page.goto("/help/jobs");
  await expect(page).toHaveURL(/\/ja\/help\/jobs$/);
  await page.goto("/help");
  await expect(page).toHaveURL(/\/ja\/help$/);
});

test.describe("to somebody who is not signed in", () => {
  test.use({ signedIn: false });

  test("help is open, and the way in leads back to it", async ({ page, t, world: { password } }) => {
    await page.goto("/sign-in");
    await page.getByRole("link", { name: t("nav.help"), exact: true }).click();
    await page.getByRole("main").getByRole("link", { name: title("en", "create") }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title("en", "create"));
    await expectGood(page, "en");
    await page.getByRole("navigation", { name: t("nav.main") }).getByRole("link", { name: t("sign_in.title") }).click();
    await page.getByLabel(t("sign_in.name")).fill("admin");
    await page.getByLabel(t("sign_in.password")).fill(password);
    await page.getByRole("button", { name: t("sign_in.submit") }).click();
    await expect(page).toHaveURL(/\/en\/help\/create$/);
    await expect(page.getByRole("button", { name: t("nav.account") })).toBeVisible();
  });
});

test.describe("a guide that is not there", () => {
  test.use({ provoked: /status of 404/ });

  test("is said to be not there", async ({ page, t }) => {
    const answer = await page.goto("/zh/help/nothing");
    expect(answer?.status()).toBe(404);
    await expectGood(page, "zh");
    await page.getByRole("link", { name: words("zh")("help.all") }).click();
    await expect(page).toHaveURL(/\/zh\/help$/);
    expect((await page.goto("/fr/help"))?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("problem.not_found"));
  });
});

test("pages and dialogs link to their guide", async ({ page, context, t, world: { reference } }) => {
  const backup = `/backups/${reference.id}`;
  for (const [from, guide] of [
    ["/backups", "view"],
    ["/backups?dialog=create&cluster=" + MAIN_CLUSTER, "create"],
    [backup, "view"],
    [`${backup}?dialog=verify`, "view"],
    [`${backup}?dialog=restore`, "restore"],
    [`${backup}?dialog=export&integration=exports`, "export"],
    [`${backup}?dialog=delete`, "delete"],
    ["/jobs", "jobs"],
    [`/jobs/${reference.job}`, "jobs"],
    ["/policies", "schedule"],
    [`/policies/${MAIN_CLUSTER}`, "schedule"],
    ["/integrations", "s3"],
    ["/integrations/new", "s3"],
    ["/integrations/new?provider=azure", "azure"],
    ["/integrations/new?provider=gcs", "gcs"],
    ["/projects", "projects"],
    ["/projects/new", "projects"],
    ["/access/members", "access"],
    ["/access/members/new", "access"],
    ["/access/members/admin", "access"],
    ["/access/roles", "access"],
    ["/access/roles/new", "access"],
    ["/access/roles/read_only", "access"],
    ["/access/keys", "access"],
    ["/access/sessions", "access"],
    ["/access/api", "access"],
    ["/audit", "audit"],
    ["/audit/1", "audit"],
    ["/clusters", "before-you-start"],
    ["/clusters/new", "before-you-start"],
  ]) {
    await page.goto(from);
    const inDialog = from.includes("dialog=");
    const place = inDialog ? page.getByRole("dialog") : page.getByRole("main");
    const link = place.getByRole("link", { name: `${t("help.guide")} ${title("en", guide)}` });
    await expect(link, from).toHaveAttribute("href", `/en/help/${guide}`);
    // What was filled in stays where it is.
    if (inDialog) {
      const [tab] = await Promise.all([context.waitForEvent("page"), link.click()]);
      await expect(tab.getByRole("heading", { level: 1 })).toHaveText(title("en", guide));
      await tab.close();
    } else {
      await link.click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title("en", guide));
    }
  }
});
