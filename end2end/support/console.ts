// The console by its roles and words: where things are, and the steps that many tests share.
import { type Locator, type Page, expect } from "@playwright/test";
import { type Language, OWN_NAME, type Words } from "./words";

/** The one dialog that can be open. */
export function dialog(page: Page): Locator {
  return page.getByRole("dialog");
}

/** Where the page's subject stands, beside its title. */
export function badge(page: Page): Locator {
  return page.locator(".page-head .badge");
}

/** A fact by its name, as its value. */
export function fact(page: Page, name: string): Locator {
  return page.locator(".facts > div").filter({ has: page.getByText(name, { exact: true }) }).locator("dd");
}

/** How far a backup is proven restorable, on its page. */
export function proof(page: Page, t: Words): Locator {
  return page.getByRole("region", { name: t("backup.proof") });
}

export async function chooseLanguage(page: Page, from: Words, to: Language): Promise<void> {
  await page.getByRole("button", { name: from("nav.language") }).click();
  await page.getByRole("button", { name: OWN_NAME[to], exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", to);
}

export interface NewBackup {
  cluster: string;
  name: string;
  /** `database.collection` each; none means the whole cluster. */
  collections?: string[];
}

/** Opens the dialog that creates a backup and fills it in; `byHand` where no island lives. */
export async function fillCreate(page: Page, t: Words, { cluster, name, collections = [] }: NewBackup, byHand = false): Promise<void> {
  await page.goto("/backups");
  await page.getByRole("link", { name: t("backups.create") }).first().click();
  const choice = dialog(page).getByLabel(t("create.cluster"), { exact: true });
  if (!byHand) {
    await expect(dialog(page).locator(".resubmit")).toHaveClass(/wired/);
    await expect(dialog(page).getByRole("button", { name: t("create.show") })).toBeHidden();
  }
  if ((await choice.inputValue()) !== cluster) {
    await choice.selectOption(cluster);
    // Where the island lives, choosing is enough.
    if (byHand) await dialog(page).getByRole("button", { name: t("create.show") }).click();
    await page.waitForURL((url) => url.searchParams.get("cluster") === cluster);
  }
  await expect(choice).toHaveValue(cluster);
  await dialog(page).getByLabel(t("create.name")).fill(name);
  if (collections.length > 0) {
    await dialog(page).getByRole("radio", { name: t("create.scope_collections") }).check();
    for (const collection of collections) await dialog(page).getByRole("checkbox", { name: collection, exact: true }).check();
  }
}

/** Sends the open dialog by the button of that name. */
export async function send(page: Page, button: string): Promise<void> {
  await dialog(page).getByRole("button", { name: button, exact: true }).click();
}

/** Waits on a job's page for its end. The page follows the job by itself. */
export async function expectJob(page: Page, t: Words, state: "successful" | "failed" | "canceled"): Promise<void> {
  await expect(page).toHaveURL(/\/jobs\/[^/?]+$/);
  await expect(badge(page)).toHaveText(t(`job_states.${state}`), { timeout: 60_000 });
}

/** Creates a backup by the dialog and waits until it is available; leaves its page open. */
export async function createBackup(page: Page, t: Words, backup: NewBackup): Promise<void> {
  await fillCreate(page, t, backup);
  await send(page, t("create.submit"));
  await expectJob(page, t, "successful");
  await page.getByRole("main").getByRole("link", { name: backup.name, exact: true }).click();
  await expect(badge(page)).toHaveText(t("states.available"));
}
