// Integrations: made by trying them out on a real S3 server, refused with what did not work, removed after a question.
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { badge, dialog, fact, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectGood } from "../support/good";
import { unique } from "../support/names";
import { Server, hozon } from "../support/server";
import { LANGUAGES } from "../support/words";

interface Bucket {
  endpoint: string;
  region: string;
  access_key: string;
  secret_key_file: string;
  backup_bucket: string;
}

function bucket(): Bucket {
  const file = process.env.HOZON_TEST_MILVUS_S3;
  if (!file) throw new Error("there is no S3 server to test with: run `make test`");
  return (JSON.parse(readFileSync(file, "utf8")) as { storage: Bucket }).storage;
}

interface SecondServer {
  endpoint: string;
  region: string;
  access_key: string;
  secret_key_file: string;
  bucket_url: string;
  role_arn: string;
}

function secondServer(): SecondServer {
  const file = process.env.HOZON_TEST_S3_SECOND;
  if (!file) throw new Error("there is no second S3 server to test with: run `make test`");
  return JSON.parse(readFileSync(file, "utf8")) as SecondServer;
}

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("an integration is tried, made, checked and removed", async ({ page, t }) => {
      const { endpoint, region, access_key, secret_key_file, backup_bucket } = bucket();
      const name = `書庫 ${unique()}`;
      const field = (key: string) => page.getByLabel(t(`integration_add.${key}`), { exact: true });
      const optional = (key: string) => page.getByLabel(`${t(`integration_add.${key}`)} (${t("common.optional")})`, { exact: true });
      await page.goto("/integrations");
      await page.getByRole("link", { name: t("integrations.add") }).first().click();
      await page.getByRole("navigation", { name: t("integration_add.provider") }).getByRole("link", { name: t("providers.s3_compatible") }).click();

      await test.step("a wrong key is refused, and it is shown how far it got", async () => {
        await field("name").fill(name);
        await field("endpoint").fill(endpoint);
        await field("bucket").fill(backup_bucket);
        await optional("path").fill(`e2e-${unique()}`);
        await optional("region").fill(region);
        await optional("access_key").fill(access_key);
        await optional("secret_key").fill("not the secret key");
        await page.getByRole("button", { name: t("integration_add.submit") }).click();
        await expect(page.getByRole("alert")).toContainText(t("errors.storage_unreadable"));
        const tried = page.getByRole("region", { name: t("integration_add.tried") }).getByRole("listitem");
        await expect(tried.filter({ hasText: t("probes.list") })).toContainText(t("checks.failed"));
        await expect(tried.filter({ hasText: t("probes.delete") })).toContainText(t("checks.skipped"));
        await expect(page.getByRole("region", { name: t("integrations.policy") })).toContainText(`arn:aws:s3:::${backup_bucket}`);
        await expect(field("name")).toHaveValue(name);
        await expect(optional("secret_key")).toHaveValue("");
        expect(page.url()).not.toContain("secret");
        await expectGood(page, language);
      });

      await test.step("with the right key it is made", async () => {
        await optional("secret_key").fill(readFileSync(secret_key_file, "utf8").trim());
        await page.getByRole("button", { name: t("integration_add.submit") }).click();
        await expect(page).toHaveURL(/\/integrations\/integ-[^/?]+$/);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
        await expect(fact(page, t("integrations.provider"))).toHaveText(t("providers.s3_compatible"));
        await page.getByRole("button", { name: t("clusters.check") }).click();
        await expect(page.getByText(t("integrations.check_passed"))).toBeVisible();
        await expectGood(page, language);
      });

      await test.step("it is removed after a question", async () => {
        await page.getByRole("main").getByRole("link", { name: t("integrations.remove"), exact: true }).click();
        await expect(dialog(page).getByRole("link", { name: t("integrations.remove_keep") })).toBeFocused();
        await expectGood(page, language);
        await send(page, t("integrations.remove_submit"));
        await expect(page).toHaveURL(/\/integrations$/);
        await expect(page.getByRole("link", { name })).toHaveCount(0);
      });
    });
  });
}

test("a role lends its keys to an integration", async ({ page, t }) => {
  const server = secondServer();
  const name = `role ${unique()}`;
  const field = (key: string) => page.getByLabel(t(`integration_add.${key}`), { exact: true });
  const optional = (key: string) => page.getByLabel(`${t(`integration_add.${key}`)} (${t("common.optional")})`, { exact: true });
  const submit = page.getByRole("button", { name: t("integration_add.submit") });
  await page.goto("/integrations/new?provider=s3_compatible");
  await field("name").fill(name);
  await field("endpoint").fill(server.endpoint);
  await field("bucket").fill(server.bucket_url.replace("s3://", ""));
  await optional("region").fill(server.region);
  await optional("access_key").fill(server.access_key);
  await optional("secret_key").fill(readFileSync(server.secret_key_file, "utf8").trim());
  await optional("external_id").fill("hozon-test");
  await submit.click();
  await expect(page.getByRole("alert")).toContainText(t("errors.invalid_input"));
  expect(page.url()).not.toContain("hozon-test");
  await optional("role_arn").fill(server.role_arn);
  await optional("secret_key").fill(readFileSync(server.secret_key_file, "utf8").trim());
  await optional("external_id").fill("hozon-test");
  await submit.click();
  await expect(page).toHaveURL(/\/integrations\/integ-[^/?]+$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByText(server.role_arn)).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: t("integrations.remove"), exact: true }).click();
  await send(page, t("integrations.remove_submit"));
  await expect(page).toHaveURL(/\/integrations$/);
});

test("a directory that is not there is not made", async ({ page, t }) => {
  await page.goto("/integrations/new?provider=local");
  await page.getByLabel(t("integration_add.name"), { exact: true }).fill(`nowhere ${unique()}`);
  await page.getByLabel(t("integration_add.directory"), { exact: true }).fill("/nowhere/at/all");
  await page.getByRole("button", { name: t("integration_add.submit") }).click();
  await expect(page.getByRole("alert")).toContainText(t("errors.storage_unreadable"));
  await expect(badge(page)).toHaveCount(0);
});

test("an integration belongs to the project that is chosen", async ({ page, context, t }) => {
  test.setTimeout(120_000);
  // Other tests count on the projects that there are.
  const server = await Server.start("integration");
  try {
    const project = await hozon<{ id: string }>(server.dataDirectory, "project", "create", "検索");
    const directory = path.join(server.dataDirectory, "place");
    mkdirSync(directory);
    await context.addCookies([{ name: "hozon_session", value: await server.signIn(), url: server.url }]);
    await page.goto(`${server.url}/integrations/new?provider=local`);
    await page.getByLabel(t("integration_add.name"), { exact: true }).fill("書庫");
    await page.getByLabel(t("integration_add.directory"), { exact: true }).fill(directory);
    await page.getByLabel(t("cluster_edit.project"), { exact: true }).selectOption("検索");
    await expect(page.locator(".command-text")).toHaveText(
      `hozon integration add 書庫 --storage file://${directory} --project ${project.id}`,
    );
    await expectGood(page, "en");
    await page.getByRole("button", { name: t("integration_add.submit") }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("書庫");
    const made = await hozon<{ project_id: string }>(server.dataDirectory, "integration", "show", "書庫");
    expect(made.project_id).toBe(project.id);
  } finally {
    await server.stop();
  }
});
