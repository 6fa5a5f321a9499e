// The console's words in its languages, from the files that the console itself is built with.
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./environment";

export type Language = "en" | "ja" | "zh";
export const LANGUAGES: Language[] = ["en", "ja", "zh"];
/** What each language calls itself. */
export const OWN_NAME: Record<Language, string> = { en: "English", ja: "日本語", zh: "中文" };
/** What a browser of that language asks for. */
export const LOCALE: Record<Language, string> = { en: "en-US", ja: "ja-JP", zh: "zh-CN" };

type Tree = { [key: string]: string | Tree };

const flat = new Map<Language, Map<string, string>>();

/** Every text of a language by its key, `section.name`. */
export function texts(language: Language): Map<string, string> {
  let known = flat.get(language);
  if (!known) {
    known = new Map();
    const file = path.join(root, "app", "locales", `${language}.json`);
    const walk = (tree: Tree, prefix: string): void => {
      for (const [key, value] of Object.entries(tree)) {
        if (typeof value === "string") known!.set(prefix + key, value);
        else walk(value, `${prefix}${key}.`);
      }
    };
    walk(JSON.parse(readFileSync(file, "utf8")) as Tree, "");
    flat.set(language, known);
  }
  return known;
}

/** One text, with its gaps filled. */
export type Words = (key: string, values?: Record<string, string | number>) => string;

export function words(language: Language): Words {
  return (key, values = {}) => {
    const text = texts(language).get(key);
    if (text === undefined) throw new Error(`${language}.json has no \`${key}\``);
    return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (gap, name: string) => {
      if (!(name in values)) throw new Error(`\`${key}\` needs \`${name}\` for ${gap}`);
      return String(values[name]);
    });
  };
}

/** A text with its gaps open, as a pattern for the whole of what is shown. */
export function pattern(text: string): RegExp {
  const parts = text.split(/\{\{?\s*\w+\s*\}?\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.*)")}$`);
}
