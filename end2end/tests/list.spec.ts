// The list of backups: its state is its address.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { unique } from "../support/names";
import { addCluster, createBackup } from "../support/server";
import { world } from "../support/environment";

const MANY = 27;
const PAGE = 25;
const mark = unique();
const cluster = `list-${mark}`;

/** What the list shows, by name. */
function names(page: Page) {
  return page.getByRole("table").getByRole("rowheader");
}

test.describe.configure({ mode: "default" });

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const { dataDirectory, milvus } = world();
  await addCluster(dataDirectory, milvus, cluster);
  for (let number = 1; number <= MANY; number++) {
    const collections = number === MANY ? "weather_by_city,drafts" : "drafts";
    const name = `${mark} ${String(number).padStart(2, "0")}`;
    await createBackup(dataDirectory, cluster, name, "--collections", collections);
  }
});

test("sorting turns round, and stands in the address", async ({ page, t }) => {
  await page.goto(`/backups?in=${cluster}`);
  await expect(names(page).first()).toHaveText(`${mark} ${MANY}`);
  await page.getByRole("link", { name: t("backups.name"), exact: true }).click();
  await expect(page).toHaveURL(/[?&]sort=name/);
  await expect(names(page).first()).toHaveText(`${mark} 01`);
  await expect(page.getByRole("columnheader", { name: t("backups.name") })).toHaveAttribute("aria-sort", "ascending");
  await page.getByRole("link", { name: t("backups.name"), exact: true }).click();
  await expect(names(page).first()).toHaveText(`${mark} ${MANY}`);
  await expect(page.getByRole("columnheader", { name: t("backups.name") })).toHaveAttribute("aria-sort", "descending");
  // The only one with rows is the largest, and comes first when sorted by rows.
  await page.goto(`/backups?in=${cluster}&sort=name&order=asc`);
  await page.getByRole("link", { name: t("backups.rows"), exact: true }).click();
  await expect(names(page).first()).toHaveText(`${mark} ${MANY}`);
});

test("pages follow one another and keep the filter", async ({ page, t }) => {
  await page.goto(`/backups?in=${cluster}&sort=name&order=asc`);
  await expect(names(page)).toHaveCount(PAGE);
  const pager = page.getByRole("navigation", { name: t("pager.label") });
  await expect(pager).toContainText(t("pager.range", { from: 1, to: PAGE, total: MANY }));
  await expect(pager.getByRole("link", { name: t("pager.previous") })).toHaveCount(0);
  await pager.getByRole("link", { name: t("pager.next") }).click();
  await expect(page).toHaveURL(/[?&]page=2/);
  await expect(names(page)).toHaveText([`${mark} 26`, `${mark} 27`]);
  await expect(pager.getByRole("link", { name: t("pager.next") })).toHaveCount(0);
  await page.reload();
  await expect(names(page)).toHaveText([`${mark} 26`, `${mark} 27`]);
  await page.goBack();
  await expect(names(page)).toHaveCount(PAGE);
});

test("search, filters and their end", async ({ page, t }) => {
  await page.goto("/backups");
  await page.getByRole("searchbox", { name: t("backups.search") }).fill(`${mark} 1`);
  await page.getByRole("searchbox", { name: t("backups.search") }).press("Enter");
  await expect(page).toHaveURL(/[?&]search=/);
  await expect(names(page)).toHaveCount(10);
  await expect(page.getByRole("searchbox", { name: t("backups.search") })).toHaveValue(`${mark} 1`);

  const filters = page.getByRole("search");
  await filters.getByRole("button", { name: t("backups.status") }).click();
  await filters.getByRole("link", { name: t("states.available") }).click();
  await expect(page).toHaveURL(/[?&]state=available/);
  await expect(page).toHaveURL(/[?&]search=/);
  await expect(names(page)).toHaveCount(10);
  await expect(filters.getByRole("button", { name: t("backups.status") })).toContainText(t("states.available"));

  await filters.getByRole("button", { name: t("backups.status") }).click();
  await filters.getByRole("link", { name: t("states.failed") }).click();
  await expect(page.getByText(t("backups.empty_filtered"))).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);

  await page.getByRole("link", { name: t("common.clear_all") }).click();
  await expect(page).toHaveURL(/\/backups(\?[^=]*)?$/);
  await expect(page.getByRole("link", { name: t("common.clear_all") })).toHaveCount(0);
  await expect(names(page)).toHaveCount(PAGE);
});

test("nonsense in the address is no error", async ({ page }) => {
  for (const query of ["page=0", "page=-1", "page=999999", "page=x", "sort=moon", "state=moon", "order=moon", "in=nowhere", "search=%00%ff", "dialog=moon"]) {
    const answer = await page.goto(`/backups?${query}`);
    expect(answer?.status(), query).toBe(200);
  }
});

test("a row's menu leads to what can be done", async ({ page, t }) => {
  await page.goto(`/backups?in=${cluster}&search=${encodeURIComponent(`${mark} 03`)}`);
  await page.getByRole("button", { name: t("common.more", { name: `${mark} 03` }) }).click();
  for (const key of ["backup.view", "backup.verify", "backup.restore", "backup.delete"]) {
    await expect(page.getByRole("table").getByRole("link", { name: t(key), exact: true })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("table").getByRole("link", { name: t("backup.delete"), exact: true })).toBeHidden();
});
