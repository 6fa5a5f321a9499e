// Starts the server that all tests share, with the sample Milvus registered; what it returns stops it.
import { existsSync, readFileSync } from "node:fs";
import { type Milvus, type Project, type Reference, leaveWorld } from "./environment";
import { collections, drop } from "./milvus";
import { MAIN_CLUSTER, MEMBER, ROLE, SUFFIX_MARK } from "./names";
import { Server, addCluster, addIntegration, addKey, createBackup, hozon } from "./server";

export default async function globalSetup(): Promise<() => Promise<void>> {
  const file = process.env.HOZON_TEST_MILVUS_LOCAL;
  if (!file || !existsSync(file)) throw new Error("there is no Milvus to test with: run `make test`");
  const milvus = JSON.parse(readFileSync(file, "utf8")) as Milvus;
  const server = await Server.start("console");
  try {
    await addCluster(server.dataDirectory, milvus, MAIN_CLUSTER);
    const { url, dataDirectory, password } = server;
    await makeMember(dataDirectory);
    const reference = await makeReference(dataDirectory);
    const integration = await addIntegration(dataDirectory, "exports");
    const { id, name } = await addKey(dataDirectory, "reference", "read_only@default");
    const key = { id, name };
    const project = await hozon<Project>(dataDirectory, "project", "create", "search", "--plan", "Enterprise");
    leaveWorld({ url, dataDirectory, password, session: await server.signIn(), milvus, reference, integration, key, project });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return async () => {
    await server.stop();
    for (const name of await collections(milvus)) if (name.includes(SUFFIX_MARK)) await drop(milvus, name);
  };
}

async function makeMember(dataDirectory: string): Promise<void> {
  await hozon(dataDirectory, "role", "create", ROLE, "--description", "保管と検証", "--privilege", "backup:view,backup:verify");
  await hozon(dataDirectory, "user", "add", MEMBER, "--role", "read_only", "--role", `${ROLE}@default/${MAIN_CLUSTER}`);
}

async function makeReference(dataDirectory: string): Promise<Reference> {
  const name = "Reference 参照";
  const { job, backup } = await createBackup(dataDirectory, MAIN_CLUSTER, name, "--collections", "medium_articles,drafts");
  const { id } = backup;
  await hozon(dataDirectory, "backup", "verify", id, "--level", "read");
  return { id, name, job: job.id };
}
