// What the tests take from outside, and what the global set-up leaves for them.
import { existsSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(__dirname, "..", "..");
export const picturesWanted = process.env.HOZON_PICTURES === "1";

/** Where the built site lies. */
export const siteRoot = process.env.HOZON_SITE_ROOT ?? process.env.LEPTOS_SITE_ROOT ?? path.join(root, "target", "site");

/** The `hozon` that is tested. */
export function binary(): string {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
  const file = process.env.HOZON_BIN ?? path.join(target, "debug", "hozon");
  if (!existsSync(file)) throw new Error(`there is no \`${file}\`: run \`make test\`, or build with \`cargo leptos build\``);
  return file;
}

/** The sample Milvus, as `tools/milvus start` describes it. */
export interface Milvus {
  address: string;
  username: string;
  password_file: string;
  storage: { kind: "local" | "s3"; url: string };
}

/** What the global set-up started; travels to the tests in the environment. */
export interface World {
  url: string;
  dataDirectory: string;
  password: string;
  session: string;
  milvus: Milvus;
  /** A backup that no test changes: of two collections, every byte of it verified. */
  reference: Reference;
  /** An integration that no test changes: a directory. */
  integration: Integration;
  /** An API key that no test changes. */
  key: Key;
  /** A project that no test changes, beside the one that is always there; nothing belongs to it. */
  project: Project;
}

export interface Key {
  id: string;
  name: string;
}

export interface Project {
  id: string;
  name: string;
}

export interface Integration {
  id: string;
  name: string;
}

export interface Reference {
  id: string;
  name: string;
  /** The job that made it. */
  job: string;
}

const WORLD = "HOZON_END2END_WORLD";

export function leaveWorld(world: World): void {
  process.env[WORLD] = JSON.stringify(world);
}

export function world(): World {
  const text = process.env[WORLD];
  if (!text) throw new Error("the global set-up did not run");
  return JSON.parse(text) as World;
}
