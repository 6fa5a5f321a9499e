// A real OpenID Connect provider at an address of its own, and a console that lets people in by it. The provider is
// called `localhost` and the console `127.0.0.1`, so that to a browser they are two sites, as they are in the world.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Server, ended, logOf } from "./server";

const STARTS_WITHIN = 60_000;
/** What the button names. */
export const NAME = "Example";

/** What the provider says of somebody. */
export interface Claims {
  preferred_username: string;
  groups: string[];
}

/** A port that nobody uses, for a server whose address others must know before it is there. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  const closed = once(probe, "close");
  probe.close();
  await closed;
  return port;
}

export class Provider {
  private child: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  /** One that is not there yet: its address refuses every connection. */
  static async planned(): Promise<Provider> {
    return new Provider(await freePort());
  }

  get issuer(): string {
    return `http://localhost:${this.port}`;
  }

  /** Starts it with these people, whom it shows by their subjects. */
  async start(name: string, people: Record<string, Claims>): Promise<void> {
    const program = process.env.HOZON_TEST_OIDC;
    if (!program || !existsSync(program)) throw new Error("there is no OpenID Connect provider to test with: run `make test`");
    const shown = Object.entries(people).flatMap(([sub, claims]) => ["--user-claims", JSON.stringify({ sub, ...claims })]);
    const log = logOf(name);
    this.child = spawn(program, ["--port", String(this.port), ...shown], { stdio: ["ignore", "ignore", "pipe"] });
    this.child.stderr?.pipe(createWriteStream(log));
    const late = Date.now() + STARTS_WITHIN;
    while (!(await this.answers())) {
      if (this.child.exitCode !== null || Date.now() > late) throw new Error(`the provider did not start; see ${log}`);
      await pause(100);
    }
  }

  private async answers(): Promise<boolean> {
    try {
      return (await this.ask(".well-known/openid-configuration")).ok;
    } catch {
      return false; // nobody listens there yet
    }
  }

  /** From now on it says this of somebody. */
  async tells(sub: string, claims: Claims): Promise<void> {
    const answer = await this.ask(`users/${sub}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(claims),
    });
    if (!answer.ok) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
  }

  private ask(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}/${path}`, init);
  }

  async stop(): Promise<void> {
    if (this.child) await ended(this.child);
  }
}

/** A console with a button that leads to the provider; its claim `groups` gives the roles. */
export async function consoleWith(provider: Provider, name: string): Promise<Server> {
  const port = await freePort();
  return Server.start(name, {
    port,
    configuration: `
      public_url = "http://127.0.0.1:${port}"
      [oidc]
      issuer = "${provider.issuer}"
      client_id = "hozon"
      name = "${NAME}"
      [oidc.roles]
      "hozon-owners" = ["organization_owner"]
      "search-team" = ["read_write@default"]
    `,
    variables: { HOZON_OIDC_CLIENT_SECRET: "hush" },
  });
}
