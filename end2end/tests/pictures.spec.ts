// Takes the pictures of the README, from a console as somebody would have it after a few days.
import path from "node:path";
import { root } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { Gate } from "../support/gate";
import { Server, addCluster, createBackup, hozon } from "../support/server";

const BACKUPS: [name: string, cluster: string, ...options: string[]][] = [
  ["Before the upgrade", "production"],
  ["Articles only", "production", "--collections", "medium_articles"],
  ["東アジアの本棚", "library", "--database", "east_asian_library"],
  ["Monday", "production"],
  ["Tuesday", "production"],
];

test.use({ signedIn: false, viewport: { width: 1280, height: 720 } });

test("the pictures of the README", async ({ page, context, t, world: { milvus } }) => {
  test.setTimeout(600_000);
  const take = (name: string) => page.screenshot({ path: path.join(root, "docs", "pictures", `${name}.png`) });
  const server = await Server.start("pictures");
  const gate = await Gate.before(milvus.address);
  try {
    const at = server.dataDirectory;
    for (const cluster of ["production", "library"]) await addCluster(at, milvus, cluster);
    await addCluster(at, milvus, "staging", gate.address);
    let last = "";
    for (const [name, cluster, ...options] of BACKUPS) {
      last = (await createBackup(at, cluster, name, ...options)).backup.id;
      if (name !== "Articles only") await hozon(at, "backup", "verify", last, "--level", name === "Monday" ? "list" : "read");
    }
    await context.addCookies([{ name: "hozon_session", value: await server.signIn(), url: server.url }]);
    await page.goto(`${server.url}/backups`);
    await take("backups");
    await page.goto(`${server.url}/backups/${last}`);
    await take("backup");
    await page.goto(`${server.url}/backups/${last}?dialog=restore&step=review&suffix=_restored`);
    await expect(page.getByRole("dialog").getByRole("table")).toBeVisible();
    await take("restore");

    gate.slow();
    await hozon(at, "backup", "create", "--cluster", "staging", "--name", "Friday", "--no-wait");
    await page.goto(`${server.url}/jobs?in=staging`);
    await page.getByRole("table").getByRole("rowheader").getByRole("link").click();
    await expect(page.getByText(t("common.live"), { exact: true })).toBeVisible();
    await take("job");
  } finally {
    await gate.close();
    await server.stop();
  }
});
