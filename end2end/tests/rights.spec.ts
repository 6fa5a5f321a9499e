// Every page as each of the four roles sees it: what somebody may not do cannot be pressed and says which privilege is
// missing, what they may not see says so, nothing is a defect's answer, and all of it is accessible.
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe";
import type { World } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { expectTranslated } from "../support/good";
import { unique } from "../support/names";
import { hozon } from "../support/server";
import { TOUR } from "../support/tour";
import type { Language, Words } from "../support/words";

const PASSWORD = "correct horse battery";

const READ_WRITE = ["backup:create", "backup:edit", "backup:verify", "backup:restore", "backup:copy", "policy:run"];
const PROJECT_ADMIN = [
  ...READ_WRITE, "backup:delete", "backup:export", "policy:edit", "policy:delete", "job:cancel", "job:retry",
  "cluster:create", "cluster:edit", "cluster:delete", "integration:create", "integration:delete",
  "key:view", "key:create", "key:delete",
];

interface Person {
  role: string;
  grant: string;
  language: Language;
  may: (privilege: string) => boolean;
}

/** Those of a project see the one that the sample belongs to, and not the other. */
const PEOPLE: Person[] = [
  { role: "owner", grant: "organization_owner", language: "en", may: () => true },
  { role: "project admin", grant: "project_admin@default", language: "ja", may: (one) => PROJECT_ADMIN.includes(one) },
  { role: "read-write", grant: "read_write@default", language: "zh", may: (one) => READ_WRITE.includes(one) },
  { role: "read-only", grant: "read_only@default", language: "en", may: () => false },
];

interface Rule {
  /** What the page asks for; without it, it is refused. */
  sees?: string;
  /** What can be done on it. */
  does?: string[];
  /** What its dialog does; without it, the dialog does not open. */
  opens?: string;
  /** What can be done on it even where it is refused. */
  always?: string[];
}

const ON_A_BACKUP = ["backup:edit", "backup:delete", "backup:verify", "backup:export", "backup:restore"];
const OF_A_CLUSTER = ["cluster:edit", "cluster:delete"];
const KEYS = { sees: "key:view", does: ["key:create"], always: ["key:create"] };
const nothing: Rule = {};
const onABackup = (opens: string): Rule => ({ does: ON_A_BACKUP, opens });
const only = (sees: string): Rule => ({ sees });

/** Every stop of the tour; one that is not here fails. */
const RULES: Record<string, Rule> = {
  backups: { does: ["backup:create"] },
  "backups-none": { does: ["backup:create"] },
  create: { does: ["backup:create"], opens: "backup:create" },
  "create-collections": { does: ["backup:create"], opens: "backup:create" },
  backup: { does: ON_A_BACKUP },
  "backup-jobs": { does: ON_A_BACKUP },
  "backup-proofs": { does: ON_A_BACKUP },
  "backup-copies": { does: [...ON_A_BACKUP, "backup:copy"] },
  copy: { does: [...ON_A_BACKUP, "backup:copy"], opens: "backup:copy" },
  rename: onABackup("backup:edit"),
  verify: onABackup("backup:verify"),
  restore: onABackup("backup:restore"),
  "restore-review": onABackup("backup:restore"),
  "restore-exists": onABackup("backup:restore"),
  "restore-more": onABackup("backup:restore"),
  "restore-replace": onABackup("backup:restore"),
  export: onABackup("backup:export"),
  delete: onABackup("backup:delete"),
  jobs: nothing,
  "jobs-none": nothing,
  job: nothing,
  adopt: only("backup:create"),
  "adopt-none": only("backup:create"),
  "adopt-dialog": { sees: "backup:create", opens: "backup:create" },
  integrations: { does: ["integration:create"] },
  integration: { does: ["integration:delete", "backup:create"] },
  "integration-remove": { does: ["integration:delete", "backup:create"], opens: "integration:delete" },
  "integration-add": only("integration:create"),
  "integration-add-own": only("integration:create"),
  "integration-add-azure": only("integration:create"),
  "integration-add-gcs": only("integration:create"),
  "integration-add-local": only("integration:create"),
  policies: nothing,
  policy: { does: ["policy:edit"] },
  "policy-cron": { does: ["policy:edit"] },
  clusters: { does: ["cluster:create"] },
  "cluster-add": only("cluster:create"),
  cluster: { does: OF_A_CLUSTER },
  "cluster-edit": only("cluster:edit"),
  "cluster-remove": { does: OF_A_CLUSTER, opens: "cluster:delete" },
  keys: KEYS,
  "key-add": only("key:create"),
  "key-remove": { ...KEYS, opens: "key:delete" },
  sessions: nothing,
  password: { opens: "a session" },
  "api-reference": nothing,
  members: only("user:view"),
  member: only("user:view"),
  "member-grant": { sees: "user:view", opens: "user:edit" },
  "member-grant-project": { sees: "user:view", opens: "user:edit" },
  "member-remove": { sees: "user:view", opens: "user:delete" },
  "member-add": only("user:create"),
  "member-not-found": only("user:view"),
  roles: { does: ["role:create"] },
  role: { does: ["role:delete"] },
  "role-built-in": nothing,
  "role-remove": { does: ["role:delete"], opens: "role:delete" },
  "role-add": only("role:create"),
  projects: { does: ["project:create"] },
  "project-add": only("project:create"),
  project: only("project:view"),
  "project-edit": { sees: "project:view", opens: "project:edit" },
  "project-remove": { sees: "project:view", opens: "project:delete" },
  "project-not-found": nothing,
  audit: only("audit:view"),
  "audit-none": only("audit:view"),
  "audit-line": only("audit:view"),
  "audit-not-found": only("audit:view"),
  help: nothing,
  "not-found": nothing,
  "backup-not-found": nothing,
};

/** Somebody who is there for a while, and signed in on this page. */
async function as(grant: string, page: Page, t: Words, world: World, body: () => Promise<void>): Promise<void> {
  const name = `visitor-${unique()}`;
  await hozon(world.dataDirectory, "user", "add", name, "--role", grant);
  try {
    const { link } = await hozon<{ link: string }>(world.dataDirectory, "admin", "link", "--user", name, "--base-url", world.url);
    await page.goto(link);
    await page.getByLabel(t("welcome.password_change"), { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: t("welcome.submit") }).click();
    await expect(page).toHaveURL(/\/backups$/);
    await body();
  } finally {
    await hozon(world.dataDirectory, "user", "remove", name);
  }
}

/** The privileges that a page says are missing beside what cannot be pressed. */
async function withheld(page: Page): Promise<string[]> {
  const named = await page.locator(".withheld code").allTextContents();
  return [...new Set(named)].sort();
}

test.describe.configure({ mode: "parallel" });

for (const { role, grant, language, may } of PEOPLE) {
  test.describe(role, () => {
    test.use({ language, signedIn: false, provoked: /status of (403|404)/ });

    test("sees what may not be done, and why", async ({ page, t, world }) => {
      test.setTimeout(900_000);
      await as(grant, page, t, world, async () => {
        for (const { name, path, status = 200 } of TOUR) {
          await test.step(name, async () => {
            expect(RULES, "every stop has its rule").toHaveProperty([name]);
            const { sees, does = [], opens, always = [] } = RULES[name];
            const refused = sees !== undefined && !may(sees);
            const answer = await page.goto(path(world, language));
            expect(answer?.status(), name).toBe(refused ? 403 : status);
            const missing = (refused ? always : does).filter((privilege) => !may(privilege));
            expect(await withheld(page), `${name} names what is missing`).toEqual([...new Set(missing)].sort());
            await expect(page.locator(".withheld button:enabled")).toHaveCount(0);
            const open = !refused && opens !== undefined && (opens === "a session" || may(opens));
            await expect(page.getByRole("dialog"), `the dialog of ${name}`).toHaveCount(open ? 1 : 0);
            if (refused) await expect(page.locator(".problem code").first()).toHaveText(sees);
            await expectTranslated(page, language);
            // Who only looks sees all of it withheld; what the others see lies between that and the tour of all pages.
            if (role === "read-only") await expectAccessible(page);
          });
        }
      });
    });

    test("may pin a backup, or is told why not", async ({ page, t, world }) => {
      await as(grant, page, t, world, async () => {
        await page.goto(`/backups/${world.reference.id}`);
        const pin = page.getByRole("main").getByRole("button", { name: t("backup.pin"), exact: true });
        if (may("backup:edit")) {
          await expect(pin).toBeEnabled();
        } else {
          await expect(pin).toBeDisabled();
          await expect(pin).toHaveAccessibleDescription(`${t("withheld.needs")} backup:edit`);
        }
      });
    });
  });
}

test.describe("past the pages", () => {
  test.use({ signedIn: false, provoked: /status of (403|404)/ });

  test("somebody who only looks is refused by the server, and nothing is changed", async ({ page, t, world }) => {
    await as("read_only@default", page, t, world, async () => {
      const { id, name } = world.reference;
      for (const [action, form] of [
        ["delete_backup", { id }],
        ["rename_backup", { id, name: `not ${name}` }],
        ["pin_backup", { id, pinned: "true" }],
        ["verify_backup", { id, level: "list" }],
        ["remove_integration", { id: world.integration.id, integration: world.integration.name }],
      ] as const) {
        const answer = await page.request.post(`/api/${action}`, { form, headers: { accept: "text/html" } });
        expect(answer.status(), action).toBeLessThan(500);
      }
      const backup = await hozon<{ name: string; state: string; pinned: boolean }>(world.dataDirectory, "backup", "show", id);
      expect([backup.name, backup.state, backup.pinned]).toEqual([name, "AVAILABLE", false]);
      await hozon(world.dataDirectory, "integration", "show", world.integration.id);
      const denied = await hozon<{ items: { action: string }[] }>(
        world.dataDirectory, "audit", "list", "--outcome", "permission_denied", "--limit", "10",
      );
      const actions = denied.items.map((line) => line.action);
      for (const action of ["backup.delete", "backup.rename", "backup.pin", "backup.verify", "integration.remove"]) {
        expect(actions, "refusals are in the audit, too").toContain(action);
      }
    });
  });
});
