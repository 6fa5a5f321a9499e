// What is asked of every page and every dialog, whatever it shows.
import { type Page, expect } from "@playwright/test";
import { expectAccessible } from "./axe";
import { untranslated } from "./untranslated";
import type { Language } from "./words";

const PHONE = { width: 390, height: 844 };

export async function expectGood(page: Page, language: Language): Promise<void> {
  await expectTranslated(page, language);
  await expectAccessible(page);
}

/** Nothing on it is said in another language. */
export async function expectTranslated(page: Page, language: Language): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  expect(await untranslated(page, language), `said in another language on ${page.url()}`).toEqual([]);
}

/** Everything fits the width of a phone. */
export async function expectFitsPhone(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize(PHONE);
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: `width of ${page.url()}` })
    .toBeLessThanOrEqual(PHONE.width);
  if (before) await page.setViewportSize(before);
}
