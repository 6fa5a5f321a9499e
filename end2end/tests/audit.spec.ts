// The audit: found by what it says, told line by line, downloaded as it is filtered, proven whole, and not for everybody.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { badge, fact } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { unique } from "../support/names";
import { hozon } from "../support/server";
import { LANGUAGES } from "../support/words";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("what was done is found, told, downloaded and proven", async ({ page, t, world: { dataDirectory } }) => {
      const name = `監査 ${unique()}`;
      await hozon(dataDirectory, "project", "create", name);
      await hozon(dataDirectory, "project", "edit", name, "--plan", "Enterprise");
      await hozon(dataDirectory, "project", "remove", name);
      await page.goto("/audit");
      const rows = page.getByRole("table", { name: t("audit.list") }).locator("tbody").getByRole("row");

      await test.step("the chain is whole, and says so again when asked", async () => {
        const chain = page.getByRole("region", { name: t("audit.chain") });
        await expect(chain).toContainText(t("audit.whole"));
        await chain.getByRole("button", { name: t("audit.check") }).click();
        await expect(page).toHaveURL(/check=now/);
        await expect(chain).toContainText(t("audit.whole"));
        // Other tests add to the chain meanwhile, so its end then is some line now.
        const end = /[0-9a-f]{64}/.exec((await chain.textContent()) ?? "")?.[0];
        const { items } = await hozon<{ items: { hash: string }[] }>(dataDirectory, "audit", "list", "--limit", "100");
        expect(items.map((line) => line.hash)).toContain(end);
      });

      await test.step("by what it was done on, newest first", async () => {
        await page.getByLabel(t("audit.target"), { exact: true }).fill(name);
        await page.getByRole("button", { name: t("audit.apply"), exact: true }).click();
        await expect(page).not.toHaveURL(/check=/);
        await expect(rows).toHaveCount(3);
        await expect(rows.nth(0)).toContainText(t("audit_actions.project_remove"));
        await expect(rows.nth(2)).toContainText(t("audit_actions.project_create"));
        await expectGood(page, language);
        await expectFitsPhone(page);
      });

      await test.step("downloaded as it is filtered", async () => {
        for (const [key, ending, lines] of [["audit.export_csv", "csv", 4], ["audit.export_jsonl", "jsonl", 3]] as const) {
          const waiting = page.waitForEvent("download");
          await page.getByRole("link", { name: t(key), exact: true }).click();
          const download = await waiting;
          expect(download.suggestedFilename()).toMatch(new RegExp(`^hozon-audit-\\d{4}-\\d\\d-\\d\\d\\.${ending}$`));
          const text = readFileSync(await download.path(), "utf8");
          expect(text.trim().split(/\r?\n/)).toHaveLength(lines);
          expect(text).toContain(name);
        }
      });

      await test.step("a line tells what it changed, and what binds it", async () => {
        await rows.nth(1).getByRole("link").click();
        await expect(page).toHaveURL(/\/audit\/\d+$/);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("audit_actions.project_edit"));
        await expect(badge(page)).toHaveText(t("audit.ok"));
        const plan = page.getByRole("table", { name: t("audit.difference") }).getByRole("row").filter({ hasText: "plan" });
        await expect(plan).toContainText("Standard");
        await expect(plan).toContainText("Enterprise");
        await expect(page.getByRole("region", { name: t("audit.chain") })).toContainText(/[0-9a-f]{64}/);
        await expectGood(page, language);
        await expectFitsPhone(page);
        await fact(page, t("audit.target")).getByRole("link", { name }).click();
        await expect(rows).toHaveCount(3);
      });

      await test.step("by kind, outcome and day", async () => {
        await page.getByRole("button", { name: t("audit.outcome") }).click();
        await page.getByRole("link", { name: t("audit.failed"), exact: true }).click();
        await expect(page.getByText(t("audit.empty_filtered"))).toBeVisible();
        await page.goto("/audit?outcome=failed&action=project");
        await expect(page.getByText(t("common.clear_all"))).toBeVisible();
        await page.goto("/audit?to=2001-01-01");
        await expect(page.getByLabel(t("audit.to"), { exact: true })).toHaveValue("2001-01-01");
        await expect(page.getByText(t("audit.empty_filtered"))).toBeVisible();
      });
    });
  });
}

test.describe("somebody without the right", () => {
  test.use({ signedIn: false, provoked: /status of 403/ });

  test("is told which one is missing, on pages and on buttons", async ({ page, t, world: { dataDirectory } }) => {
    const [name, password] = [`reader-${unique()}`, `a long enough ${unique()}`];
    const file = path.join(dataDirectory, name);
    writeFileSync(file, password, { mode: 0o600 });
    await hozon(dataDirectory, "user", "add", name, "--role", "read_only", "--password-file", file);
    await page.goto("/sign-in?next=/projects");
    await page.getByLabel(t("sign_in.name")).fill(name);
    await page.getByLabel(t("sign_in.password")).fill(password);
    await page.getByRole("button", { name: t("sign_in.submit") }).click();
    await expect(page).toHaveURL(/\/projects$/);
    await expect(page.getByRole("button", { name: t("project_add.title") })).toBeDisabled();
    await expect(page.getByRole("main")).toContainText("project:create");
    await expectGood(page, "en");
    await expectFitsPhone(page);
    for (const [address, right] of [["/audit", "audit:view"], ["/audit/1", "audit:view"], ["/projects/new", "project:create"]]) {
      const answer = await page.goto(address);
      expect(answer?.status()).toBe(403);
      await expect(page.getByRole("alert")).toContainText(right);
      await expectGood(page, "en");
    }
    await hozon(dataDirectory, "user", "remove", name);
  });
});
