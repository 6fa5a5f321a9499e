// Clusters: registered by the form, looked at, and said plainly when they cannot be reached.
import { readFileSync } from "node:fs";
import { dialog, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { unique } from "../support/names";

test("a cluster is registered once it works, and everything but secrets is kept until then", async ({ page, t, world }) => {
  const { milvus } = world;
  const name = `form-${unique()}`;
  const optional = (key: string) => page.getByLabel(`${t(key)} (${t("common.optional")})`, { exact: true });
  await page.goto("/clusters");
  await page.getByRole("link", { name: t("clusters.add") }).click();
  await page.getByLabel(t("cluster_add.name"), { exact: true }).fill(name);
  await page.getByLabel(t("cluster_add.address"), { exact: true }).fill(milvus.address);
  await optional("cluster_add.username").fill(milvus.username);
  await optional("cluster_add.password").fill("not the password");
  await page.getByLabel(t("cluster_add.url")).fill(milvus.storage.url);
  await optional("cluster_edit.cloud_region").fill("self-hosted-1");
  await optional("cluster_add.ca_certificate").fill("-----BEGIN CERTIFICATE-----");
  await expect(page.locator(".command-text")).toHaveText(
    `hozon cluster add ${name} --address ${milvus.address} --cloud-region self-hosted-1 --username ${milvus.username} ` +
      `--password-file FILE --ca-file FILE --storage ${milvus.storage.url}`,
  );
  await optional("cluster_add.ca_certificate").fill("");
  await page.getByRole("button", { name: t("cluster_add.submit") }).click();

  await expect(page.getByRole("alert")).toContainText(t("errors.cluster_credentials_refused"));
  await expect(optional("cluster_edit.cloud_region")).toHaveValue("self-hosted-1");
  await expect(page.getByLabel(t("cluster_add.name"), { exact: true })).toHaveValue(name);
  await expect(page.getByLabel(t("cluster_add.address"), { exact: true })).toHaveValue(milvus.address);
  await expect(page.getByLabel(t("cluster_add.url"))).toHaveValue(milvus.storage.url);
  await expect(optional("cluster_add.password")).toHaveValue("");
  expect(page.url()).not.toContain("password=");
  await expectGood(page, "en");

  await optional("cluster_add.password").fill(readFileSync(milvus.password_file, "utf8").trim());
  await page.getByRole("button", { name: t("cluster_add.submit") }).click();
  await expect(page).toHaveURL(/\/clusters\/[^/?]+$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);

  await page.getByRole("button", { name: t("clusters.check") }).click();
  await expect(page.getByText(t("clusters.check_passed"))).toBeVisible();
  await expectGood(page, "en");
});

test.describe("a cluster that cannot be reached", () => {
  test("is said so on its page and in the dialog that would back it up", async ({ page, t, gated }) => {
    await gated.gate.close();
    await page.goto("/clusters");
    await page.getByRole("link", { name: gated.name }).click();
    await page.getByRole("button", { name: t("clusters.check") }).click();
    await expect(page.getByText(t("clusters.check_failed"))).toBeVisible();
    await expectGood(page, "en");

    await page.goto(`/backups?dialog=create&cluster=${gated.name}`);
    const problem = dialog(page).getByRole("alert");
    await expect(problem).toContainText(t("create.unreachable"));
    await expect(problem).toContainText(t("errors.cluster_unreachable"));
    await expectGood(page, "en");

    const name = `Nowhere ${unique()}`;
    await dialog(page).getByLabel(t("create.name")).fill(name);
    await send(page, t("create.submit"));
    await expect(page.getByRole("alert").first()).toContainText(t("errors.cluster_unreachable"));
    await page.goto(`/backups?in=${gated.name}&state=available`);
    await expect(page.getByText(t("backups.empty_filtered"))).toBeVisible();
  });
});
