import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider } from "oidc-provider";

/** What the provider knows of a person. */
interface Account {
  name: string;
  groups: string[];
}

export const client = { id: "customhouse", secret: "what-only-the-browser-tests-have-to-know" };

/** A key of the provider, the private half included. */
export async function newKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" };
}

/**
 * The npm package oidc-provider on a loopback address. It stands behind a `Gate`, under whose
 * address it speaks of itself.
 */
export class RealProvider {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param claimsInToken whether name and groups stand in the ID token or only at userinfo */
  static async start(options: {
    issuer: string;
    returnTo: string;
    accounts: Record<string, Account>;
    key: JWK;
    claimsInToken?: boolean;
  }): Promise<RealProvider> {
    const { accounts } = options;
    const provider = new Provider(options.issuer, {
      clients: [
        {
          client_id: client.id,
          client_secret: client.secret,
          redirect_uris: [options.returnTo],
          grant_types: ["authorization_code"],
          response_types: ["code"],
        },
      ],
      jwks: { keys: [options.key as never] },
      cookies: { keys: ["only for tests"] },
      scopes: ["openid", "profile", "groups"],
      claims: { openid: ["sub"], profile: ["name"], groups: ["groups"] },
      conformIdTokenClaims: !(options.claimsInToken ?? true),
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
      pkce: { required: () => true },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, id) => {
        const account = accounts[id];
        return account && { accountId: id, claims: () => ({ sub: id, ...account }) };
      },
      // Whoever signed in has agreed: consent is no part of what is tested.
      loadExistingGrant: async (ctx) => {
        const grant = new provider.Grant({
          clientId: client.id,
          accountId: ctx.oidc.session?.accountId ?? "",
        });
        grant.addOIDCScope("openid profile groups");
        await grant.save();
        return grant;
      },
      ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    });
    const answer = provider.callback();
    const server = createServer((request, response) => {
      if (request.url?.startsWith("/interaction/")) {
        interact(provider, request, response).catch((error) => {
          response.statusCode = 500;
          response.end(String(error));
        });
      } else {
        void answer(request, response);
      }
    });
    return new RealProvider(server, await listen(server));
  }

  async stop(): Promise<void> {
    await close(this.server);
  }
}

/** One page: a name and a button, or a way out. */
async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>The provider</title>
       <form method="post"><label>Name <input name="login"></label>
       <button name="do" value="in">Continue</button><button name="do" value="out">Cancel</button></form>`,
    );
    return;
  }
  const form = new URLSearchParams((await read(request)).toString());
  const result =
    form.get("do") === "out"
      ? { error: "access_denied", error_description: "<b>The person said no.</b>" }
      : { login: { accountId: form.get("login") ?? "" } };
  await provider.interactionFinished(request, response, result);
}

export async function read(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Listens on a free port, or the given one, and gives the address. */
export async function listen(server: Server, port = 0): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, "close");
}
