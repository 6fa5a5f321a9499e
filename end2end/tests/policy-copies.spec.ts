// A policy that copies: chosen in its form, done after the backup, and told on the page of the backup.
import path from "node:path";
import { badge, expectJob } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { Server, addCluster, hozon } from "../support/server";
import { LANGUAGES } from "../support/words";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("each backup is copied where the policy says", async ({ page, context, t, world }) => {
      test.setTimeout(240_000);
      // Other tests count on there being no repository for copies.
      const server = await Server.start(`policy-copies-${language}`);
      try {
        const [cluster, repository] = ["main", "osaka"];
        await addCluster(server.dataDirectory, world.milvus, cluster);
        const place = path.join(server.dataDirectory, "copies");
        await hozon(server.dataDirectory, "repository", "add", repository, "--url", `file://${place}`);
        await context.addCookies([
          { name: "hozon_session", value: await server.signIn(), url: server.url },
          { name: "hozon_language", value: language, url: server.url },
        ]);
        const chosen = page.getByRole("checkbox", { name: repository, exact: true });
        const days = page.getByLabel(t("policy.copy_days", { name: repository }), { exact: true });
        const switchOn = page.getByRole("main").getByRole("button", { name: t("policy.switch_on"), exact: true });

        await test.step("the form offers the repository, and the command line follows", async () => {
          await page.goto(`${server.url}/policies/${cluster}`);
          await expect(chosen).not.toBeChecked();
          await chosen.check();
          await days.fill("14");
          await expect(page.locator(".command-text")).toContainText(`--copy-to ${repository}:14`);
          await expectGood(page, language);
        });

        await test.step("days beyond what a copy may stay are refused, and stay in the form", async () => {
          await days.fill("31");
          await switchOn.click();
          await expect(page.getByRole("alert").first()).toContainText(t("errors.invalid_input"));
          await expect(chosen).toBeChecked();
          await expect(days).toHaveValue("31");
        });

        await test.step("switched on, the backup is copied once it is there", async () => {
          await days.fill("14");
          await switchOn.click();
          await expect(page.getByRole("status")).toContainText(t("done.policy_on"));
          await expect(chosen).toBeChecked();
          await expect(days).toHaveValue("14");
          await page.getByRole("table", { name: t("policy.runs") }).getByRole("link").nth(1).click();
          await expectJob(page, t, "successful");
          await page.getByRole("main").getByRole("link", { name: /_auto_/ }).click();
          await expect(badge(page)).toHaveText(t("states.available"));
          await page.goto(`${page.url().split("?")[0]}?tab=copies`);
          const row = page.getByRole("row").filter({ hasText: repository });
          await expect(async () => {
            await page.reload();
            await expect(row).toContainText(t("states.available"), { timeout: 1_000 });
          }).toPass({ timeout: 60_000 });
          await expectGood(page, language);
        });
      } finally {
        await server.stop();
      }
    });
  });
}
