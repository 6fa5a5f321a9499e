// A gate before the real Milvus. It decides when bytes pass, so that a test can look at a job in its middle, or
// at a cluster that cannot be reached, for as long as it likes.
import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const SLOW = 100;

export class Gate {
  private readonly sockets = new Set<Socket>();
  private delay = 0;
  /** What everything waits for while the gate is held. */
  private held: Promise<void> | undefined;
  private open = () => {};

  private constructor(private readonly server: Server, readonly address: string) {}

  static async before(milvus: string): Promise<Gate> {
    const { hostname, port } = new URL(milvus);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const gate = new Gate(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("connection", (client) => {
      const there = connect(Number(port), hostname);
      void gate.pass(client, there);
      void gate.pass(there, client);
    });
    return gate;
  }

  /** Passes what one side says on to the other, in its order, when the gate lets it. */
  private async pass(from: Socket, to: Socket): Promise<void> {
    this.sockets.add(from);
    from.setNoDelay(true);
    try {
      for await (const chunk of from) {
        if (this.delay > 0) await pause(this.delay);
        while (this.held) await this.held;
        to.write(chunk);
      }
      to.end();
    } catch {
      // A connection that breaks on one side breaks on the other; nobody here needs to know why.
      to.destroy();
    } finally {
      this.sockets.delete(from);
    }
  }

  /** Everything passes, but late, so that nothing is over before it can be held. */
  slow(milliseconds = SLOW): void {
    this.delay = milliseconds;
    this.letGo();
  }

  /** Nothing passes; connections stay. */
  hold(): void {
    this.held ??= new Promise((resolve) => (this.open = resolve));
  }

  /** Everything passes again, what waited first. */
  release(): void {
    this.delay = 0;
    this.letGo();
  }

  private letGo(): void {
    this.held = undefined;
    this.open();
  }

  /** No connection stays, and none can be made. */
  async close(): Promise<void> {
    this.release();
    const closed = this.server.listening ? once(this.server, "close") : undefined;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
