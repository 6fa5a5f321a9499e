// A backup is kept a second time, in another place: by the dialog, into a repository that the command line registered.
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { dialog, expectJob, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { unique } from "../support/names";
import { Server, addCluster, createBackup, hozon } from "../support/server";
import { LANGUAGES } from "../support/words";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("a backup is copied, and its page says where else it lies", async ({ page, context, t, world }) => {
      test.setTimeout(120_000);
      const server = await Server.start(`copies-${language}`);
      try {
        const { dataDirectory, url } = server;
        await addCluster(dataDirectory, world.milvus, "storehouse");
        const { backup } = await createBackup(dataDirectory, "storehouse", `Kept ${unique()}`, "--collections", "drafts");
        await context.addCookies([{ name: "hozon_session", value: await server.signIn(), url }]);
        const copies = `${url}/backups/${backup.id}?tab=copies`;
        const open = async () => {
          await page.goto(copies);
          await page.getByRole("main").getByRole("link", { name: t("copies.submit"), exact: true }).click();
        };

        await test.step("where no repository is registered the dialog says how to register one", async () => {
          await open();
          await expect(page.getByRole("main").getByText(t("copies.empty"))).toBeVisible();
          await expect(dialog(page)).toContainText(t("copies.none"));
          await expect(dialog(page)).toContainText("hozon repository add NAME --url URL");
          await expectGood(page, language);
        });

        const place = path.join(dataDirectory, "elsewhere");
        mkdirSync(place);
        await hozon(dataDirectory, "repository", "add", "ap-northeast-1", "--url", `file://${place}`);

        await test.step("it is copied", async () => {
          await open();
          await expect(dialog(page).getByLabel(t("copies.repository"), { exact: true })).toHaveValue("ap-northeast-1");
          await expect(dialog(page)).toContainText(`hozon backup copy ${backup.id} --to ap-northeast-1`);
          await expectGood(page, language);
          await send(page, t("copies.submit"));
          await expectJob(page, t, "successful");
          expect(existsSync(path.join(place, "backups", backup.id, "manifest.json"))).toBe(true);
        });

        await test.step("its page says where", async () => {
          await page.goto(copies);
          const row = page.getByRole("table").getByRole("row").filter({ hasText: "ap-northeast-1" });
          await expect(row).toContainText(t("states.available"));
          await expectGood(page, language);
        });
      } finally {
        await server.stop();
      }
    });
  });
}
