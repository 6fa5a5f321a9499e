// What a page says of the moment (ids, times, sizes) is no part of its structure. Playwright writes it down with the
// rest; this takes it out again. After `npx playwright test --config end2end --project pages --update-snapshots=all`, run
// `node end2end/support/steady-snapshots.mjs`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "aria");
const ID = /backup[0-9a-z]*_[0-9a-f]{12,}|in01-[0-9a-f]{12,}|proj-[0-9a-f]{22}|(?:job|integ|key)-[0-9a-z]{15,}|\b[0-9a-f]{64}\b/g;
const MOMENT =
  /just now|\bago\b|[AP]M\b|UTC|\b\d+ (?:s|ms|min)\b|under 1|たった今|\d+ ?(?:秒|分|時間|日)|未満|刚刚|不到|\d:\d|\d+\.\d+\.\d+\.\d+|\.hozon|hozon-end2end-/;
const PATTERN = /^:? "?\//;
const UNIQUE = /\bm[0-9a-z]{7}\d\b/;
/** How long the audit is. */
const LENGTH = /^: "?(?:[\d,]+ lines? |全 [\d,]+ 行|共 [\d,]+ 条)/;

/** A line of a snapshot without what another run would not say: the address by a pattern, everything else by its role. */
function steady(line) {
  const [, indent, url] = /^(\s*- )\/url: (.*)$/.exec(line) ?? [];
  if (url !== undefined) {
    const plain = url.replace(/^"(.*)"$/, "$1");
    if (plain.search(ID) < 0) return line;
    const pattern = plain.replace(ID, "\0").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replaceAll("\0", "[\\w-]+");
    return `${indent}/url: /^${pattern}$/`;
  }
  const [, start, role, said] = /^(\s*- )'?([a-z]+)\b(.*)$/.exec(line) ?? [];
  if (role === undefined) return line;
  const changing = role === "time" || said.search(ID) >= 0 || [MOMENT, PATTERN, UNIQUE, LENGTH].some((one) => one.test(said));
  if (role === "navigation") return line.replace(/("): .*\d.*$/, "$1");
  if (!changing) return line;
  if (role === "text" || role === "option") return undefined;
  return `${start}${role}${/:$/.test(line) ? ":" : ""}`;
}

/** What lost everything in it is written like what never had anything. */
function closed(lines) {
  const depth = (line) => (line === undefined ? 0 : line.search(/\S/));
  return lines.map((line, at) => (/^\s*- [^/].*:$/.test(line) && depth(lines[at + 1]) <= depth(line) ? line.slice(0, -1) : line));
}

/** Lists of everything hold what earlier tests made: without their rows, which other snapshots show. */
function withoutRows(lines) {
  const kept = [];
  let skipped;
  let groups = 0;
  for (const line of lines) {
    const depth = line.search(/\S/);
    if (skipped !== undefined && depth > skipped) continue;
    skipped = undefined;
    if (/^\s*- table /.test(line)) groups = 0;
    if (/^\s*- rowgroup:$/.test(line) && ++groups === 2) skipped = depth;
    else kept.push(line);
  }
  return kept;
}

for (const name of readdirSync(folder)) {
  const file = path.join(folder, name);
  const lines = readFileSync(file, "utf8").split("\n");
  const everything = /-(audit|create|create-collections|clusters|integrations|policies|members|project|projects)\.aria/.test(name);
  const structure = (everything ? withoutRows(lines) : lines).map(steady).filter((line) => line !== undefined);
  writeFileSync(file, closed(structure).join("\n"));
}
