// A console with nothing in it: each empty page leads to the missing step.
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { Server, addCluster } from "../support/server";
import { LANGUAGES, words } from "../support/words";

let server: Server;

test.beforeAll(async () => {
  server = await Server.start("empty");
});

test.afterAll(async () => server?.stop());

test.use({ signedIn: false });

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });
    test("from an empty console to the first cluster", async ({ page, context }) => {
      const t = words(language);
      await context.addCookies([{ name: "hozon_session", value: await server.signIn(), url: server.url }]);
      for (const [path, title] of [["/backups", "backups.empty_title"], ["/jobs", "jobs.empty_title"], ["/clusters", "clusters.empty_title"], ["/access/keys", "api_keys.empty_title"], ["/access/roles", "roles.empty_title"]]) {
        await page.goto(server.url + path);
        await expect(page.getByRole("heading", { name: t(title) })).toBeVisible();
        await expectGood(page, language);
        await expectFitsPhone(page);
      }
      await page.goto(`${server.url}/backups`);
      await expect(page.getByText(t("backups.empty_cluster"))).toBeVisible();
      await page.getByRole("main").getByRole("link", { name: t("clusters.add") }).click();
      await expect(page).toHaveURL(`${server.url}/clusters/new`);
    });
  });
}

test("with a cluster, the empty list leads to the dialog", async ({ page, context, t, world }) => {
  await addCluster(server.dataDirectory, world.milvus, "first");
  await context.addCookies([{ name: "hozon_session", value: await server.signIn(), url: server.url }]);
  await page.goto(`${server.url}/backups`);
  await expect(page.getByText(t("backups.empty_about"))).toBeVisible();
  await expectGood(page, "en");
  await page.getByRole("main").locator(".empty").getByRole("link", { name: t("backups.create") }).click();
  await expect(page.getByRole("dialog", { name: t("create.title") })).toBeVisible();
});
