import { createServer, request as ask, type Server } from "node:http";
import { close, listen, read } from "./provider";

/** What a test does to what passes. */
export interface Tampering {
  /** The token endpoint's answer. */
  tokens?: (answer: any) => Promise<any> | any;
  /** Where the provider sends the browser when it sends it back to the console. */
  back?: (address: URL) => void;
  /** Whether the token endpoint hangs up. */
  hangUp?: boolean;
}

/**
 * Stands between the console and the real provider under the issuer's address, and changes what a
 * test asks it to.
 */
export class Gate {
  tampering: Tampering = {};
  /** Where the real provider listens; nothing is let through without it. */
  provider: string | undefined;
  /** The paths that were asked for, oldest first. */
  readonly asked: string[] = [];

  private constructor(
    private server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Gate> {
    const server = createServer();
    const gate = new Gate(server, await listen(server));
    gate.serve();
    return gate;
  }

  /** Nobody answers at the issuer's address until `open`. */
  async shut(): Promise<void> {
    await close(this.server);
  }

  async open(): Promise<void> {
    this.server = createServer();
    await listen(this.server, Number(new URL(this.url).port));
    this.serve();
  }

  private serve(): void {
    this.server.on("request", async (incoming, outgoing) => {
      const path = incoming.url ?? "/";
      this.asked.push(path.split("?")[0] ?? path);
      const body = await read(incoming);
      if (!this.provider) return outgoing.writeHead(502).end();
      if (this.tampering.hangUp && path.startsWith("/token")) return incoming.destroy();
      const forward = ask(
        `${this.provider}${path}`,
        { method: incoming.method, headers: incoming.headers },
        async (answer) => {
          const headers = { ...answer.headers };
          const sent = await read(answer);
          const changed = await this.changed(path, sent);
          delete headers["transfer-encoding"];
          headers["content-length"] = String(changed.length);
          if (headers.location && this.tampering.back) {
            const address = new URL(headers.location, this.url);
            if (address.pathname === "/auth/return") this.tampering.back(address);
            headers.location = address.href;
          }
          // A refusal that a test replaced is one no more.
          const status = changed === sent ? answer.statusCode : 200;
          outgoing.writeHead(status ?? 500, headers);
          outgoing.end(changed);
        },
      );
      forward.on("error", () => outgoing.writeHead(502).end());
      forward.end(body);
    });
  }

  private async changed(path: string, body: Buffer): Promise<Buffer> {
    const change = path.startsWith("/token") ? this.tampering.tokens : undefined;
    return change ? Buffer.from(JSON.stringify(await change(JSON.parse(body.toString())))) : body;
  }
}
