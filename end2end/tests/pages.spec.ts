// Every page and dialog in every language: status, language, words, structure, accessibility, width of a phone.
import { expect, test } from "../support/fixtures";
import { expectFitsPhone, expectGood } from "../support/good";
import { TOUR } from "../support/tour";
import { LANGUAGES } from "../support/words";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    for (const { name, path, main, status = 200 } of TOUR) {
      test.describe(() => {
        // The browser itself says that a page was not there.
        if (status !== 200) test.use({ provoked: new RegExp(`status of ${status}`) });

        test(name, async ({ page, world }) => {
          const answer = await page.goto(path(world, language));
          expect(answer?.status()).toBe(status);
          await expectGood(page, language);
          await expectFitsPhone(page);
          if (main || language === "en") await expect(page.locator("body")).toMatchAriaSnapshot({ name: `${language}-${name}` });
        });
      });
    }

    test.describe(() => {
      test.use({ signedIn: false });
      for (const [name, path] of [["sign-in", "/sign-in"], ["set-up-over", "/set-up"]]) {
        test(name, async ({ page }) => {
          await page.goto(path);
          await expectGood(page, language);
          await expectFitsPhone(page);
          await expect(page.locator("body")).toMatchAriaSnapshot({ name: `${language}-${name}` });
        });
      }
    });
  });
}
