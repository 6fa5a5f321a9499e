// Accessibility by axe: every rule, in light and in dark. The pages of Swagger UI in a frame are others' work; what they
// list, the page around them lists, too.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).exclude(".api-pages").analyze();
    const told = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id} (${help}) in ${colorScheme}: ${html}\n${failureSummary}`),
    );
    expect(told, `axe on ${page.url()}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}
