// A second opinion on what Hozon did: what Milvus itself says over its own REST.
import { readFileSync } from "node:fs";
import type { Milvus } from "./environment";

async function call<T>(milvus: Milvus, path: string, body?: object): Promise<T> {
  const password = readFileSync(milvus.password_file, "utf8").trim();
  const answer = await fetch(`${milvus.address}/v1/vector/${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${milvus.username}:${password}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const { code, data, message } = (await answer.json()) as { code: number; data: T; message?: string };
  if (code !== 200) throw new Error(`Milvus answered ${path} with ${code}: ${message}`);
  return data;
}

/** The names of the collections of the default database, sorted. */
export async function collections(milvus: Milvus): Promise<string[]> {
  return (await call<string[] | null>(milvus, "collections"))?.sort() ?? [];
}

export async function drop(milvus: Milvus, collectionName: string): Promise<void> {
  await call(milvus, "collections/drop", { collectionName });
}

/** How many rows of a loaded collection have a number as key: all of them, for those of the sample. */
export async function rows(milvus: Milvus, collectionName: string, key: string): Promise<number> {
  const found = await call<unknown[]>(milvus, "query", {
    collectionName, filter: `${key} >= 0`, outputFields: [key], limit: 16_384,
  });
  return found.length;
}
