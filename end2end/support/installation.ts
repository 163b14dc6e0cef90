import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Program, root } from "./program";

/** The demo's key, which opens nothing but the emulated AWS. */
const credentials = {
  AWS_ACCESS_KEY_ID: "CHEMULATORDEV0000001",
  AWS_SECRET_ACCESS_KEY: "customhouse-emulator-secret-0000000000001",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** One console with a database of its own, against an emulated AWS of its own. */
export class Installation {
  private made: Promise<string> | undefined;

  private constructor(
    private readonly folder: string,
    private readonly emulator: Program,
    private readonly console: Program,
    private readonly more: string,
  ) {}

  /** @param more what the configuration holds besides the demo's */
  static async start(more = ""): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), "customhouse-"));
    const installation = new Installation(
      folder,
      await Program.named("aws-emulator", join(folder, "emulator.log")),
      await Program.named("customhouse", join(folder, "console.log")),
      more,
    );
    await installation.startEmulator();
    await installation.startConsole();
    return installation;
  }

  /** Where the browser finds the console. */
  get url(): string {
    return this.console.url;
  }

  /** Where the emulated AWS answers, `/_emulator/…` included. */
  get emulatorUrl(): string {
    return this.emulator.url;
  }

  private get configurationFile(): string {
    return join(this.folder, "customhouse.toml");
  }

  /** kill -9: what a power cut or the kernel's memory killer does. */
  async killConsole(): Promise<void> {
    await this.console.stop("SIGKILL");
  }

  /** Starts the console again at the same address with the same database. */
  async startConsole(): Promise<void> {
    writeFileSync(this.configurationFile, this.configuration());
    const serve = ["serve", "--config", this.configurationFile];
    await this.console.start(serve, credentials, "/readyz");
  }

  /** Runs one of the console's commands beside it, such as `pause`, and gives what it prints. */
  async command(...words: string[]): Promise<string> {
    return this.console.once([...words, "--config", this.configurationFile], credentials);
  }

  /** The token of a service account that proposes promotions. */
  async token(): Promise<string> {
    const create = ["service-account", "create", "tests", "--role", "requester", "--days", "1"];
    this.made ??= this.command(...create);
    return (await this.made).trim();
  }

  async stop(): Promise<void> {
    await this.console.stop();
    await this.emulator.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Asks the emulator's control interface. */
  async control(path: string, body?: unknown): Promise<any> {
    const response = await fetch(
      `${this.emulatorUrl}/_emulator/${path}`,
      body === undefined
        ? {}
        : {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          },
    );
    const text = await response.text();
    if (!response.ok) throw new Error(`/_emulator/${path} answered ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** The calls that AWS got so far, oldest first. */
  async ledger(): Promise<any[]> {
    return (await this.control("ledger")).entries;
  }

  private async startEmulator(): Promise<void> {
    const world = resolve(root, "xtask/demo/world.toml");
    const listen = `127.0.0.1:${this.emulator.port}`;
    await this.emulator.start(["--listen", listen, "--world", world], {}, "/_emulator/health");
  }

  /** The demo's configuration with this installation's addresses. */
  private configuration(): string {
    return readFileSync(resolve(root, "xtask/demo/customhouse.toml"), "utf8")
      .replace("{listen}", `127.0.0.1:${this.console.port}`)
      .replace("{site}", resolve(root, "target/site/pkg"))
      .replace("{database}", join(this.folder, "customhouse.sqlite"))
      .replace("{emulator}", this.emulatorUrl)
      .concat(this.more);
  }
}
