// Jobs while they run: seen live, canceled, failed. A gate before Milvus keeps each where it is to be seen.
import { badge, dialog, expectJob, fact, fillCreate, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { unique } from "../support/names";

const COLLECTIONS = ["default.weather_by_city"];

test.beforeEach(async ({ page, t, gated }) => {
  await fillCreate(page, t, { cluster: gated.name, name: `Watched ${unique()}`, collections: COLLECTIONS });
  gated.gate.slow();
  await send(page, t("create.submit"));
  await expect(page).toHaveURL(/\/jobs\/[^/?]+$/);
  gated.gate.hold();
});

test("a running job is shown live, and its page follows it to its end", async ({ page, t, gated }) => {
  await expect(badge(page)).toHaveText(t("job_states.in_progress"));
  await expect(page.getByText(t("common.live"), { exact: true })).toBeVisible();
  await expect(page.getByRole("progressbar", { name: t("job.progress") })).toBeVisible();
  await expectGood(page, "en");
  await expectFitsPhone(page);
  await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: "en-job-running" });

  await test.step("the lists show it, too", async () => {
    const jobs = await page.context().newPage();
    await jobs.goto(`/jobs?in=${gated.name}`);
    await expect(jobs.getByRole("row").filter({ hasText: gated.name })).toContainText(t("job_states.in_progress"));
    await jobs.goto(`/backups?in=${gated.name}`);
    await expect(jobs.getByRole("row").filter({ hasText: gated.name })).toContainText(t("states.creating"));
    await jobs.close();
  });

  gated.gate.release();
  await expectJob(page, t, "successful");
  await expect(page.getByText(t("common.live"), { exact: true })).toHaveCount(0);
});

test("a second backup of the same cluster is refused while one runs", async ({ page, t, gated }) => {
  const name = `Second ${unique()}`;
  // So slow that a person, who asks the same Milvus what there is to choose, is done long before the job.
  gated.gate.slow(400);
  await fillCreate(page, t, { cluster: gated.name, name });
  await send(page, t("create.submit"));
  await expect(dialog(page).getByRole("alert")).toContainText(t("errors.backup_busy"));
  await expect(dialog(page).getByLabel(t("create.name"))).toHaveValue(name);
  gated.gate.release();
});

test("a job can be canceled, and its backup never becomes available", async ({ page, t, gated }) => {
  await page.getByRole("button", { name: t("job.cancel") }).click();
  await expectJob(page, t, "canceled");
  await expectGood(page, "en");
  await expect(page.getByRole("button", { name: t("job.cancel") })).toHaveCount(0);
  await page.goto(`/backups?in=${gated.name}&state=available`);
  await expect(page.getByText(t("backups.empty_filtered"))).toBeVisible();
});

test("a job whose cluster goes away fails, and says why and what to do", async ({ page, t, gated }) => {
  await gated.gate.close();
  await expectJob(page, t, "failed");
  const problem = page.getByRole("alert");
  await expect(problem).toContainText(t("errors.cluster_unreachable"));
  await expect(problem).toContainText(t("advice.cluster_unreachable"));
  await expectGood(page, "en");
  await expectFitsPhone(page);
  await page.goto(`/backups?in=${gated.name}&state=available`);
  await expect(page.getByText(t("backups.empty_filtered"))).toBeVisible();
});

test("a job that was canceled is done again by one button", async ({ page, t, gated }) => {
  const canceled = new URL(page.url()).pathname;
  await page.getByRole("button", { name: t("job.cancel") }).click();
  await expectJob(page, t, "canceled");
  gated.gate.release();
  await page.getByRole("button", { name: t("job.retry") }).click();
  await expect(page.getByText(t("done.retry"))).toBeVisible();
  await expect(page).not.toHaveURL(new RegExp(`${canceled}$`));
  await expectJob(page, t, "successful");
  await expect(fact(page, t("job.retry_of")).getByRole("link")).toHaveAttribute("href", canceled);
  await expectGood(page, "en");
});
