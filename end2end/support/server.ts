// A `hozon serve` of our own: its data in a directory that goes away with it, its port a free one.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Milvus, binary, root, siteRoot } from "./environment";

const STARTS_WITHIN = 60_000;
const STOPS_WITHIN = 30_000;
const run = promisify(execFile);

/** The environment of this process without anything that would configure Hozon. */
function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  const plain = Object.entries(process.env).filter(([name]) => !name.startsWith("HOZON_") && !name.startsWith("LEPTOS_"));
  return { ...Object.fromEntries(plain), LEPTOS_SITE_ROOT: siteRoot, ...more };
}

/** Runs a command of the CLI beside the server, and gives its JSON answer. */
export async function hozon<T = unknown>(dataDirectory: string, ...args: string[]): Promise<T> {
  try {
    const { stdout } = await run(binary(), ["--json", "--data-dir", dataDirectory, ...args], { env: environment({}) });
    return JSON.parse(stdout) as T;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error([message, stdout, stderr].filter(Boolean).join("\n"));
  }
}

/** Registers the sample Milvus under a name, at its own address or at that of something before it. */
export async function addCluster(dataDirectory: string, milvus: Milvus, name: string, address = milvus.address): Promise<void> {
  await hozon(
    dataDirectory, "cluster", "add", name, "--address", address,
    "--username", milvus.username, "--password-file", milvus.password_file, "--storage", milvus.storage.url,
  );
}

/** Makes an integration with a new directory, and gives both. */
export async function addIntegration(dataDirectory: string, name: string): Promise<{ id: string; name: string; directory: string }> {
  const directory = path.join(dataDirectory, `place-${name}`);
  mkdirSync(directory);
  const { id } = await hozon<{ id: string }>(dataDirectory, "integration", "add", name, "--storage", `file://${directory}`);
  return { id, name, directory };
}

/** Makes an API key by the CLI. */
export function addKey(dataDirectory: string, name: string, role: string): Promise<{ id: string; name: string }> {
  return hozon(dataDirectory, "key", "create", name, "--role", role);
}

interface Made {
  job: { id: string };
  backup: { id: string };
}

/** Makes a backup by the CLI and waits for its end. */
export function createBackup(dataDirectory: string, cluster: string, name: string, ...options: string[]): Promise<Made> {
  return hozon(dataDirectory, "backup", "create", "--cluster", cluster, "--name", name, ...options);
}

/** How a server is set up, beside what all of them have. */
interface SetUp {
  /** Whether it has an owner `admin`; else nobody has an account on it. */
  claimed?: boolean;
  /** Where it listens; a free port, unless others must know its address before it is there. */
  port?: number;
  /** Its configuration file, in TOML. */
  configuration?: string;
  /** Variables that configure it, too. */
  variables?: Record<string, string>;
}

export class Server {
  private constructor(
    readonly url: string,
    readonly dataDirectory: string,
    readonly password: string,
    /** Where the first owner is made; empty once there is somebody. */
    readonly link: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(name: string, { claimed = true, port = 0, configuration, variables = {} }: SetUp = {}): Promise<Server> {
    const dataDirectory = mkdtempSync(path.join(tmpdir(), "hozon-end2end-"));
    const password = randomBytes(18).toString("base64url");
    const global = ["--json", "--data-dir", dataDirectory];
    if (configuration !== undefined) {
      const file = path.join(dataDirectory, "hozon.toml");
      writeFileSync(file, configuration);
      global.push("--config", file);
    }
    const child = spawn(binary(), [...global, "serve", "--port", String(port)], {
      env: environment({ ...variables, ...(claimed ? { HOZON_ADMIN_PASSWORD: password } : {}) }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = logOf(name);
    child.stderr?.pipe(createWriteStream(log));
    try {
      const started = await announced(child);
      return new Server(started.console.replace(/\/$/, ""), dataDirectory, password, started.sign_in_link ?? "", child);
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`the server did not start; see ${log}`, { cause: error });
    }
  }

  /** Signs in as a program does, and gives the session's secret. */
  async signIn(): Promise<string> {
    const answer = await fetch(`${this.url}/api/sign_in`, {
      method: "POST",
      headers: { accept: "text/html" },
      body: new URLSearchParams({ name: "admin", password: this.password }),
      redirect: "manual",
    });
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith("hozon_session="));
    const secret = cookie?.split(";")[0].slice("hozon_session=".length);
    if (!secret) throw new Error(`signing in was answered with ${answer.status} ${answer.headers.get("location") ?? ""}`);
    return secret;
  }

  async stop(): Promise<void> {
    await ended(this.child);
    rmSync(this.dataDirectory, { recursive: true, force: true });
  }
}

/** Where a process of the tests writes what it has to say. */
export function logOf(name: string): string {
  const logs = path.join(root, ".hozon", "log");
  mkdirSync(logs, { recursive: true });
  return path.join(logs, `end2end-${name}.log`);
}

/** Ends a process: gently at first. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOPS_WITHIN);
  await gone;
  clearTimeout(force);
}

interface Started {
  console: string;
  sign_in_link?: string;
}

/** Waits for the document with which the server says where it listens. */
function announced(child: ChildProcess): Promise<Started> {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error("it said nothing in time")), STARTS_WITHIN);
    const settle = (then: () => void) => {
      clearTimeout(late);
      then();
    };
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (/^\}\s*$/m.test(text)) settle(() => resolve(JSON.parse(text) as Started));
    });
    child.once("exit", (code) => settle(() => reject(new Error(`it ended with ${code}: ${text}`))));
    child.once("error", (error) => settle(() => reject(error)));
  });
}
