// Finds what a page says in the wrong language: keys in place of texts, and English texts in other languages.
import type { Page } from "@playwright/test";
import { type Language, pattern, texts } from "./words";

/** Said alike in every language. */
const SAME_EVERYWHERE = /^(Hozon|Milvus|HNSW|JSON|SQLite|S3)$/;

/** Everything a page says by itself: text and the attributes that people see or hear. Code and data in a language of their own are left out. */
async function said(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const add = (text: string | null) => {
      const plain = text?.replace(/\s+/g, " ").trim();
      if (plain) found.add(plain);
    };
    const own = (element: Element) => !element.closest("body [lang], code, pre, script, style, noscript, svg");
    for (const element of document.body.querySelectorAll("*")) {
      if (!own(element)) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt", "data-label"]) add(element.getAttribute(name));
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) add(node.textContent);
    }
    add(document.title.replace(/ · Hozon$/, ""));
    return [...found];
  });
}

/** What the page says that is a key, or English though it has a translation. */
export async function untranslated(page: Page, language: Language): Promise<string[]> {
  const english = texts("en");
  const ours = texts(language);
  const suspicious = language === "en" ? [] : [...english]
    .filter(([key, text]) => text.length > 3 && /[a-z]{3}/i.test(text.replace(/\{\{?.*?\}?\}/g, "")) && ours.get(key) !== text)
    .map(([key, text]) => ({ key, pattern: pattern(text) }));
  return (await said(page)).flatMap((text) => {
    if (SAME_EVERYWHERE.test(text)) return [];
    if (english.has(text) || /\{\{.*\}\}/.test(text)) return [`${text} (a key)`];
    const match = suspicious.find((candidate) => candidate.pattern.test(text));
    return match ? [`${text} (English, of ${match.key})`] : [];
  });
}
