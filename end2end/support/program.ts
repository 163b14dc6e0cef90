import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { basename, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

export const root = resolve(import.meta.dirname, "../..");

/** A program of ours that answers over HTTP on a port of its own. */
export class Program {
  readonly url: string;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly file: string,
    readonly port: number,
    private readonly log: string,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @param log where everything goes that the program prints */
  static async named(name: string, log: string): Promise<Program> {
    const file = resolve(root, "target/debug", name);
    if (!existsSync(file)) {
      throw new Error(`${file} is missing; build it with: cargo xtask build`);
    }
    return new Program(file, await freePort(), log);
  }

  /** Starts the program and waits until `path` answers 200. */
  async start(args: string[], env: Record<string, string>, path: string): Promise<void> {
    const log = createWriteStream(this.log, { flags: "a" });
    await once(log, "open");
    this.child = spawn(this.file, args, {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", log, log],
    });
    await this.answers(path);
  }

  /** Runs the program once to its end, beside the one that was started. */
  async once(args: string[], env: Record<string, string>): Promise<string> {
    const { stdout } = await promisify(execFile)(this.file, args, {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
    });
    return stdout;
  }

  /** Ends the program and waits until it is gone. SIGKILL leaves it no time to tidy up. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || this.hasEnded(child)) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  private hasEnded(child: ChildProcess): boolean {
    return child.exitCode !== null || child.signalCode !== null;
  }

  private async answers(path: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const response = await fetch(this.url + path).catch(() => undefined);
      if (response?.ok) return;
      if (!this.child || this.hasEnded(this.child) || Date.now() > deadline) {
        const end = readFileSync(this.log, "utf8").split("\n").slice(-20).join("\n");
        throw new Error(`${basename(this.file)} does not answer at ${path}; its last words:\n${end}`);
      }
      await sleep(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
