// A policy from off to on, to a pause and off again, as a person goes through it in each language.
import { badge, chooseLanguage, dialog, expectJob, fact, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { hozon } from "../support/server";
import { LANGUAGES, words } from "../support/words";

const NEXT_RUNS = 5;

for (const language of LANGUAGES) {
  test(`switch a policy on, change it, pause it and switch it off (${language})`, async ({ page, cluster, world }) => {
    test.setTimeout(180_000);
    const t = words(language);
    const button = (name: string) => page.getByRole("main").getByRole("button", { name, exact: true });
    const nextRuns = page.getByRole("region", { name: t("policy.next_runs") }).getByRole("listitem");
    await page.goto("/policies");
    await chooseLanguage(page, words("en"), language);

    await test.step("it is off, and says what it would do", async () => {
      const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: cluster, exact: true }) });
      await expect(row).toContainText(t("policy_states.off"));
      await row.getByRole("link", { name: cluster, exact: true }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(cluster);
      await expect(badge(page)).toHaveText(t("policy_states.off"));
      await expect(nextRuns).toHaveCount(NEXT_RUNS);
      await expect(page.getByText(t("policy.first_backup"))).toBeVisible();
    });

    await test.step("a look at Mondays in Tokyo changes nothing", async () => {
      for (const day of ["tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]) {
        await page.getByRole("checkbox", { name: t(`weekdays.${day}`), exact: true }).uncheck();
      }
      await page.getByLabel(t("policy.at"), { exact: true }).fill("02:30");
      await page.getByLabel(t("policy.zone"), { exact: true }).fill("Asia/Tokyo");
      await page.getByLabel(t("policy.keep_monthly"), { exact: true }).fill("12");
      await expect(page.locator(".command-text")).toHaveText(
        `hozon policy set ${cluster} --weekly mon --at 02:30 --time-zone Asia/Tokyo --keep-monthly 12`,
      );
      await button(t("policy.show")).click();
      await expect(page.getByText(t("policy.tried")).first()).toBeVisible();
      await expect(nextRuns).toHaveCount(NEXT_RUNS);
      for (const run of await nextRuns.all()) await expect(run).toContainText(t("weekdays.monday"));
      await expect(badge(page)).toHaveText(t("policy_states.off"));
      await expectGood(page, language);
      await expectFitsPhone(page);
    });

    await test.step("switching it on makes a backup at once", async () => {
      await button(t("policy.switch_on")).click();
      await expect(page.getByRole("status")).toContainText(t("done.policy_on"));
      await expect(badge(page)).toHaveText(t("policy_states.on"));
      await expect(page.getByLabel(t("policy.zone"), { exact: true })).toHaveValue("Asia/Tokyo");
      const runs = page.getByRole("table", { name: t("policy.runs") });
      await expect(runs).toContainText(t("causes.first"));
      const policy = page.url();
      await runs.getByRole("link").nth(1).click();
      await expectJob(page, t, "successful");
      await page.getByRole("main").getByRole("link", { name: /_auto_/ }).click();
      await expect(badge(page)).toHaveText(t("states.available"));
      await expect(fact(page, t("backup.method"))).toHaveText(t("methods.auto"));
      await page.goto(policy);
      const outlook = page.getByRole("table", { name: t("policy.outlook") });
      await expect(outlook.getByRole("rowheader")).toHaveCount(1);
      await expect(outlook).toContainText(t("keep_rules.last_good"));
      await expect(outlook).toContainText(t("keep_rules.monthly"));
      await expectGood(page, language);
      await expectFitsPhone(page);
    });

    await test.step("what cannot be is refused, with what was typed", async () => {
      await page.getByLabel(t("policy.zone"), { exact: true }).fill("Mars/Olympus");
      await button(t("policy.save")).click();
      await expect(page.getByRole("alert").first()).toContainText(t("errors.invalid_input"));
      await expect(page.getByLabel(t("policy.zone"), { exact: true })).toHaveValue("Mars/Olympus");
      await expectGood(page, language);
      const [policy] = await hozon<{ cluster_name: string; time_zone: string }[]>(world.dataDirectory, "policy", "list")
        .then((policies) => policies.filter((one) => one.cluster_name === cluster));
      expect(policy.time_zone).toBe("Asia/Tokyo");
    });

    await test.step("a cron expression takes the place of days", async () => {
      await page.goto(`/policies/${cluster}`);
      await page.getByRole("radio", { name: t("policy.cron") }).check();
      await expect(page.getByRole("checkbox", { name: t("weekdays.monday"), exact: true })).toBeHidden();
      await page.getByRole("textbox", { name: t("policy.cron") }).fill("15 4 1 * *");
      await button(t("policy.save")).click();
      await expect(page.getByRole("status")).toContainText(t("done.policy"));
      await expect(page.getByRole("radio", { name: t("policy.cron") })).toBeChecked();
    });

    await test.step("pause, resume, and off after a question", async () => {
      await button(t("policy.pause")).click();
      await expect(badge(page)).toHaveText(t("policy_states.paused"));
      await expect(page.getByText(t("policy.while_paused"))).toBeVisible();
      await button(t("policy.resume")).click();
      await expect(badge(page)).toHaveText(t("policy_states.on"));
      await page.getByRole("link", { name: t("policy.switch_off"), exact: true }).click();
      await expect(dialog(page).getByRole("link", { name: t("policy.keep_on") })).toBeFocused();
      await expectGood(page, language);
      await send(page, t("policy.switch_off"));
      await expect(badge(page)).toHaveText(t("policy_states.off"));
    });
  });
}

test("a backup is run now, pinned and given another name", async ({ page, t, cluster, world }) => {
  await hozon(world.dataDirectory, "backup", "create", "--cluster", cluster, "--name", `own of ${cluster}`, "--collections", "drafts");
  const set = await hozon<{ job: { id: string } }>(world.dataDirectory, "policy", "set", cluster, "--daily", "--time-zone", "UTC");
  await hozon(world.dataDirectory, "job", "wait", set.job.id);
  await page.goto(`/policies/${cluster}`);
  await page.getByRole("button", { name: t("policy.run"), exact: true }).click();
  await expectJob(page, t, "successful");

  await page.goto(`/backups?in=${cluster}`);
  await page.getByRole("table").getByRole("link", { name: `own of ${cluster}`, exact: true }).click();
  await expect(fact(page, t("backup.kept"))).toContainText(t("backup.kept_manual"));
  await page.getByRole("button", { name: t("backup.pin"), exact: true }).click();
  await expect(fact(page, t("backup.kept"))).toContainText(t("backup.kept_pinned"));
  await page.getByRole("link", { name: t("backup.rename"), exact: true }).click();
  await dialog(page).getByLabel(t("rename.name")).fill(`今 ${cluster}`);
  await expect(dialog(page).locator(".command-text")).toContainText(`'今 ${cluster}'`);
  await expectGood(page, "en");
  await send(page, t("backup.rename"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`今 ${cluster}`);

  await page.goto(`/policies/${cluster}`);
  const row = page.getByRole("table", { name: t("policy.outlook") }).getByRole("row").filter({ hasText: `今 ${cluster}` });
  await expect(row).toContainText(t("keep_rules.pinned"));
});

test.describe("with its WebAssembly blocked", () => {
  test.use({ provoked: /\.wasm|Failed to fetch|ERR_FAILED/ });

  test("a policy is tried, switched on and switched off", async ({ page, t, cluster }) => {
    await page.route(/\.wasm/, (route) => route.abort());
    await page.goto(`/policies/${cluster}`);
    await page.getByRole("radio", { name: t("policy.monthly") }).check();
    await page.getByLabel(t("policy.day"), { exact: true }).fill("31");
    await page.getByRole("button", { name: t("policy.show"), exact: true }).click();
    await expect(page.getByText(t("policy.tried")).first()).toBeVisible();
    await page.getByRole("button", { name: t("policy.switch_on"), exact: true }).click();
    await expect(badge(page)).toHaveText(t("policy_states.on"));
    await expect(page.getByLabel(t("policy.day"), { exact: true })).toHaveValue("31");
    await page.getByRole("link", { name: t("policy.switch_off"), exact: true }).click();
    await send(page, t("policy.switch_off"));
    await expect(badge(page)).toHaveText(t("policy_states.off"));
  });
});
