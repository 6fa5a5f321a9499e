// Projects: made, changed, kept while something belongs to them, removed; and a cluster of one changed and removed.
import { dialog, fact, send } from "../support/console";
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { unique } from "../support/names";
import { hozon } from "../support/server";
import { LANGUAGES } from "../support/words";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("a project is made, changed, not removed while it has a cluster, and then removed", async ({ page, t, world }) => {
      const { dataDirectory, milvus, project } = world;
      const [name, renamed, cluster] = [`検索 ${unique()}`, `探索 ${unique()}`, `of-project-${unique()}`];
      const open = (key: string) => page.getByRole("main").getByRole("link", { name: t(key), exact: true }).click();
      const command = page.locator(".command-text");
      await page.goto("/projects");
      await open("project_add.title");

      await test.step("a name that is taken is refused, with what was typed", async () => {
        const field = page.getByLabel(t("projects.name"), { exact: true });
        await field.fill(project.name);
        await page.getByRole("radio", { name: t("plans.enterprise") }).check();
        await page.getByRole("button", { name: t("project_add.title"), exact: true }).click();
        await expect(page.getByRole("alert")).toContainText(t("errors.project_name_taken"));
        await expect(field).toHaveValue(project.name);
        await expect(page.getByRole("radio", { name: t("plans.enterprise") })).toBeChecked();
        await expectGood(page, language);
        await expectFitsPhone(page);
        await field.fill(name);
        await expect(command).toHaveText(`hozon project create '${name}' --plan Enterprise`);
        await page.getByRole("button", { name: t("project_add.title"), exact: true }).click();
        await expect(page).toHaveURL(/\/projects\/proj-[^/?]+$/);
        await expect(page.getByRole("status")).toContainText(t("projects.made"));
        await expect(fact(page, t("projects.plan"))).toHaveText(t("plans.enterprise"));
      });

      await test.step("its page tells who may do what there", async () => {
        const holders = page.getByRole("table", { name: t("project.holders") });
        const admin = holders.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "admin", exact: true }) });
        await expect(admin).toContainText(t("role_names.organization_owner"));
        await expect(admin).toContainText(t("project.everywhere"));
        await expect(page.getByText(t("project.no_clusters"))).toBeVisible();
        await expectGood(page, language);
        await expectFitsPhone(page);
      });

      await test.step("it gets another name", async () => {
        await open("project.edit");
        await dialog(page).getByLabel(t("projects.name"), { exact: true }).fill(renamed);
        await expect(command).toHaveText(`hozon project edit '${name}' --name '${renamed}'`);
        await expectGood(page, language);
        await send(page, t("project.save"));
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(renamed);
      });

      await test.step("with a cluster it stays, and the dialog names the cluster", async () => {
        await hozon(
          dataDirectory, "cluster", "add", cluster, "--project", renamed, "--address", milvus.address,
          "--username", milvus.username, "--password-file", milvus.password_file, "--storage", milvus.storage.url,
        );
        await open("project.remove");
        await expect(dialog(page).getByRole("link", { name: t("project.remove_keep") })).toBeFocused();
        await expect(dialog(page).getByText(t("project.in_the_way"))).toBeVisible();
        await expect(dialog(page).getByRole("link", { name: cluster, exact: true })).toBeVisible();
        await expectGood(page, language);
        const remove = dialog(page).getByRole("button", { name: t("project.remove_submit") });
        await expect(remove).toBeDisabled();
        await remove.evaluate((button: HTMLButtonElement) => (button.disabled = false));
        await remove.click();
        await expect(dialog(page).getByRole("alert")).toContainText(t("errors.project_in_use"));
      });

      await test.step("the list of clusters tells its project, and the cluster goes first", async () => {
        await page.goto("/clusters");
        const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: cluster, exact: true }) });
        await expect(row.getByRole("link", { name: renamed, exact: true })).toBeVisible();
        await row.getByRole("link", { name: cluster, exact: true }).click();
        await open("cluster_edit.remove");
        await expect(dialog(page).getByRole("link", { name: t("cluster_edit.remove_keep") })).toBeFocused();
        await expect(command).toHaveText(`hozon cluster remove ${cluster}`);
        await expectGood(page, language);
        await send(page, t("cluster_edit.remove_submit"));
        await expect(page).toHaveURL(/\/clusters$/);
        await expect(page.getByRole("link", { name: cluster, exact: true })).toHaveCount(0);
      });

      await test.step("with nothing in it, it is removed", async () => {
        await page.goto("/projects");
        await page.getByRole("link", { name: renamed, exact: true }).click();
        await open("project.remove");
        await expect(command).toHaveText(`hozon project remove '${renamed}'`);
        await send(page, t("project.remove_submit"));
        await expect(page).toHaveURL(/\/projects$/);
        await expect(page.getByRole("status")).toContainText(t("projects.removed"));
        await expect(page.getByRole("link", { name: renamed, exact: true })).toHaveCount(0);
      });
    });
  });
}

test("a cluster is changed, and its secrets stay", async ({ page, t, cluster, world }) => {
  const optional = (key: string) => page.getByLabel(`${t(key)} (${t("common.optional")})`, { exact: true });
  const submit = page.getByRole("button", { name: t("cluster_edit.submit"), exact: true });
  const renamed = `changed-${unique()}`;
  await page.goto(`/clusters/${cluster}`);
  await page.getByRole("main").getByRole("link", { name: t("cluster_edit.edit"), exact: true }).click();
  await expect(page.getByLabel(t("cluster_add.address"), { exact: true })).toHaveValue(world.milvus.address);
  await page.getByLabel(t("cluster_add.name"), { exact: true }).fill(renamed);
  await optional("cluster_edit.cloud_region").fill("aws-us-west-2");
  await submit.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(renamed);
  await expect(fact(page, t("cluster_edit.cloud_region"))).toHaveText("aws-us-west-2");
  await page.getByRole("button", { name: t("clusters.check") }).click();
  await expect(page.getByText(t("clusters.check_passed"))).toBeVisible();

  await test.step("what does not work is refused, and nothing is changed", async () => {
    await page.getByRole("main").getByRole("link", { name: t("cluster_edit.edit"), exact: true }).click();
    await optional("cluster_add.password").fill("not the password");
    await optional("cluster_edit.cloud_region").fill("");
    await submit.click();
    await expect(page.getByRole("alert")).toContainText(t("errors.cluster_credentials_refused"));
    await expect(optional("cluster_edit.cloud_region")).toHaveValue("");
    await expect(optional("cluster_add.password")).toHaveValue("");
    expect(page.url()).not.toContain("password=");
    await expectGood(page, "en");
    await page.getByRole("link", { name: t("common.cancel"), exact: true }).click();
    await expect(fact(page, t("cluster_edit.cloud_region"))).toHaveText("aws-us-west-2");
  });
});

test.describe("with no script at all", () => {
  test.use({ javaScriptEnabled: false });

  test("a project is made, changed and removed", async ({ page, t }) => {
    const name = `plain-${unique()}`;
    await page.goto("/projects/new");
    await page.getByLabel(t("projects.name"), { exact: true }).fill(name);
    await page.getByRole("button", { name: t("project_add.title"), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    await page.getByRole("main").getByRole("link", { name: t("project.edit"), exact: true }).click();
    await dialog(page).getByRole("radio", { name: t("plans.business_critical") }).check();
    await send(page, t("project.save"));
    await expect(fact(page, t("projects.plan"))).toHaveText(t("plans.business_critical"));
    await page.getByRole("main").getByRole("link", { name: t("project.remove"), exact: true }).click();
    await send(page, t("project.remove_submit"));
    await expect(page).toHaveURL(/\/projects$/);
  });
});
