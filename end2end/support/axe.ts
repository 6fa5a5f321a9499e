// Accessibility by axe: every rule in light, and in dark again those that look at colours, as nothing else differs. The
// pages of Swagger UI in a frame are others' work; what they list, the page around them lists, too.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

const OF_COLOURS = ["color-contrast", "link-in-text-block"];

export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // The other mode opens a page of its own for each answer, for the sake of frames from elsewhere; there are none.
    const axe = new AxeBuilder({ page }).setLegacyMode().exclude(".api-pages");
    const { violations } = await (colorScheme === "dark" ? axe.withRules(OF_COLOURS) : axe).analyze();
    const told = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id} (${help}) in ${colorScheme}: ${html}\n${failureSummary}`),
    );
    expect(told, `axe on ${page.url()}`).toEqual([]);
  }
}
