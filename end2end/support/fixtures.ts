// What every test gets: a browser in one of the three languages, signed in, with an ear on the console's own console.
import { type Page, test as base, expect } from "@playwright/test";
import { type World, world } from "./environment";
import { Gate } from "./gate";
import { unique } from "./names";
import { addCluster } from "./server";
import { LOCALE, type Language, type Words, words } from "./words";

interface Options {
  /** In which language the browser asks. */
  language: Language;
  /** Whether the browser starts with a session. */
  signedIn: boolean;
  /** What the browser may complain of, because the test provokes it. */
  provoked: RegExp;
}

interface Fixtures {
  world: World;
  t: Words;
  /** A cluster of this test's own: the sample Milvus under a fresh name. */
  cluster: string;
  /** The same, with a gate before it. */
  gated: { name: string; gate: Gate };
  /** What the browser complained of. */
  messages: string[];
}

/** Collects what the browser complains of: errors, warnings, what the content policy refused, files that were not there. */
function listen(page: Page, messages: string[]): void {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) messages.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => messages.push(`thrown: ${error.message}`));
}

export const test = base.extend<Options & Fixtures>({
  language: ["en", { option: true }],
  signedIn: [true, { option: true }],
  provoked: [/(?!)/, { option: true }],

  locale: async ({ language }, use) => use(LOCALE[language]),
  baseURL: async ({}, use) => use(world().url),
  storageState: async ({ signedIn }, use) => {
    const { url, session } = world();
    const cookie = {
      name: "hozon_session", value: session, domain: new URL(url).hostname, path: "/",
      expires: -1, httpOnly: true, secure: false, sameSite: "Lax" as const,
    };
    await use({ cookies: signedIn ? [cookie] : [], origins: [] });
  },
  messages: [
    async ({ context, provoked }, use) => {
      const messages: string[] = [];
      context.on("page", (page) => listen(page, messages));
      await use(messages);
      const unexpected = messages.filter((message) => !provoked.test(message));
      expect(unexpected, "what the browser complained of").toEqual([]);
    },
    { auto: true },
  ],
  world: async ({}, use) => use(world()),
  t: async ({ language }, use) => use(words(language)),
  cluster: async ({ world: { dataDirectory, milvus } }, use) => {
    const name = `own-${unique()}`;
    await addCluster(dataDirectory, milvus, name);
    await use(name);
  },
  gated: async ({ world: { dataDirectory, milvus } }, use) => {
    const name = `gated-${unique()}`;
    const gate = await Gate.before(milvus.address);
    await addCluster(dataDirectory, milvus, name, gate.address);
    await use({ name, gate });
    gate.release();
    await gate.close();
  },
});

export { expect };
