import { importJWK, decodeJwt, SignJWT, UnsecuredJWT, type JWK, type JWTPayload } from "jose";
import type { Page } from "@playwright/test";
import { Gate } from "../support/gate";
import { Installation } from "../support/installation";
import { client, newKey, RealProvider } from "../support/provider";
import { expect, test as base } from "../support/test";

const accounts = {
  engineer: { name: "Engineer 1", groups: ["ml-engineers", "somebody-else"] },
  reader: { name: "Reader 1", groups: ["readers"] },
};

/** A console whose only provider is npm's oidc-provider, behind a gate of ours. */
class Provided {
  private constructor(
    readonly gate: Gate,
    readonly installation: Installation,
    private provider: RealProvider,
    /** The key that the provider signs with. */
    public key: JWK,
  ) {}

  static async start(): Promise<Provided> {
    const gate = await Gate.start();
    // The console starts while the provider is out of reach: nobody stands behind the gate yet.
    const installation = await Installation.start(configuration(gate.url));
    const key = await newKey("first");
    const provider = await RealProvider.start(settings(gate, installation, key));
    gate.provider = provider.url;
    const provided = new Provided(gate, installation, provider, key);
    await provided.isFound();
    return provided;
  }

  /** Waits until the console sends browsers to the provider: after a failure it leaves it alone. */
  async isFound(): Promise<void> {
    await expect
      .poll(async () => {
        const begun = await fetch(`${this.installation.url}/auth/start`, { redirect: "manual" });
        return begun.headers.get("location");
      })
      .toContain(this.gate.url);
  }

  /** The same provider once more, with what is given here. */
  async replace(change: { key?: JWK; claimsInToken?: boolean }): Promise<void> {
    await this.provider.stop();
    this.key = change.key ?? this.key;
    const options = settings(this.gate, this.installation, this.key);
    this.provider = await RealProvider.start({ ...options, ...change });
    this.gate.provider = this.provider.url;
  }

  async stop(): Promise<void> {
    await this.installation.stop();
    await this.provider.stop();
    await this.gate.shut();
  }
}

function settings(gate: Gate, installation: Installation, key: JWK) {
  return { issuer: gate.url, returnTo: `${installation.url}/auth/return`, accounts, key };
}

function configuration(issuer: string): string {
  return `
[sign_in.oidc]
issuer = "${issuer}"
display_name = "Test provider"
client_id = "${client.id}"
client_secret = "${client.secret}"
scopes = ["profile", "groups"]

[[sign_in.group]]
group = "ml-engineers"
role = "requester"

[[sign_in.group]]
group = "readers"
role = "viewer"
`;
}

const test = base.extend<object, { provided: Provided }>({
  provided: [
    async ({}, use) => {
      const provided = await Provided.start();
      await use(provided);
      await provided.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],

  installation: [async ({ provided }, use) => use(provided.installation), { scope: "worker" }],

  page: async ({ page, provided }, use) => {
    provided.gate.tampering = {};
    await use(page);
  },
});

test.use({ person: "nobody", ownInstallation: "provider", expectedErrors: [/status of 40[0134]/] });

/** From the console to the provider and back. */
async function signIn(page: Page, login = "engineer", next = "/promotions"): Promise<void> {
  await page.goto(`/auth/start?next=${encodeURIComponent(next)}`);
  await page.getByLabel("Name").fill(login);
  await page.getByRole("button", { name: "Continue" }).click();
}

async function isSignedIn(page: Page): Promise<boolean> {
  const response = await page.request.get("/promotions", { maxRedirects: 0 });
  return response.status() === 200;
}

async function expectRefusal(page: Page, trouble: string): Promise<void> {
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?trouble=${trouble}(&|$)`));
  expect(await isSignedIn(page)).toBe(false);
}

test("a console whose provider is down says so and lets in once it is back", async ({
  page,
  provided,
}) => {
  provided.gate.tampering.hangUp = true;
  await signIn(page);
  await expectRefusal(page, "unreachable");

  await provided.gate.shut();
  await provided.installation.killConsole();
  await provided.installation.startConsole();
  await page.goto("/auth/start");
  await expectRefusal(page, "unreachable");

  provided.gate.tampering = {};
  await provided.gate.open();
  await provided.isFound();
  // An open page would notice, and load itself again.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await signIn(page);
  await expect(page).toHaveURL(/\/promotions$/);
});

test("groups give roles, the session gets a new id, and the page asked for comes up", async ({
  page,
  context,
}) => {
  await signIn(page);
  await expect(page).toHaveURL(/\/promotions$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect((await page.request.get("/promotions/new", { maxRedirects: 0 })).status()).toBe(200);
  const [session] = (await context.cookies()).filter(({ name }) => name === "__Host-sid");
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax" });

  // The provider still knows the person and asks nothing.
  await page.goto("/auth/start?next=/jobs");
  await expect(page).toHaveURL(/\/jobs$/);
  const [next] = (await context.cookies()).filter(({ name }) => name === "__Host-sid");
  expect(next?.value).not.toBe(session?.value);
  const left = (await context.cookies()).filter(({ name }) => name.startsWith("__Host-start-"));
  expect(left, "what the attempts left behind").toEqual([]);
});

test("another group gives less", async ({ page }) => {
  await signIn(page, "reader", "/promotions");
  await expect(page).toHaveURL(/\/promotions$/);
  expect((await page.request.get("/promotions/new", { maxRedirects: 0 })).status()).toBe(403);
});

test("what the ID token leaves out comes from userinfo", async ({ page, provided }) => {
  await provided.replace({ claimsInToken: false });
  await signIn(page);
  await expect(page).toHaveURL(/\/promotions$/);
  expect(provided.gate.asked).toContain("/me");
  await provided.replace({ claimsInToken: true });
});

test("two tabs sign in at once", async ({ page, context }) => {
  const other = await context.newPage();
  await page.goto("/auth/start?next=/promotions");
  await other.goto("/auth/start?next=/jobs");
  for (const [tab, next] of [
    [page, /\/promotions$/],
    [other, /\/jobs$/],
  ] as const) {
    await tab.getByLabel("Name").fill("engineer");
    await tab.getByRole("button", { name: "Continue" }).click();
    await expect(tab).toHaveURL(next);
  }
});

test("a key that the provider took up later is found", async ({ page, provided }) => {
  await signIn(page);
  await expect(page).toHaveURL(/\/promotions$/);
  // An open page would notice, and load itself again.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await provided.replace({ key: await newKey("second") });
  await signIn(page);
  await expect(page).toHaveURL(/\/promotions$/);
});

test("whoever cancels at the provider is not signed in", async ({ page }) => {
  await page.goto("/auth/start");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expectRefusal(page, "cancelled");
  await expect(page.getByText("The sign-in was cancelled at the provider.")).toBeVisible();
  await expect(page.getByText("The person said no.")).toHaveCount(0);
  await page.getByRole("link", { name: "Sign in with Test provider" }).click();
  await expect(page.getByLabel("Name")).toBeVisible();
});

test("a page of another site cannot begin a sign-in, nor choose where it ends", async ({
  page,
}) => {
  const begun = await page.request.get("/auth/start", {
    maxRedirects: 0,
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect(begun.headers()["location"]).toBe("/sign-in");
  expect(begun.headers()["set-cookie"]).toBeUndefined();
  for (const next of ["https://example.org/", "//example.org/", "/\\example.org/"]) {
    // An open page would notice, and load itself again.
    await page.goto("about:blank");
    await page.context().clearCookies();
    await signIn(page, "engineer", next);
    await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  }
});

/** The provider's token with some claims changed, signed again. */
async function forged(
  token: string,
  change: (claims: JWTPayload) => JWTPayload,
  key: JWK,
  header: { alg?: string; kid?: string } = {},
): Promise<string> {
  const claims = change(decodeJwt(token));
  const { alg = "RS256", kid = key.kid } = header;
  return new SignJWT(claims)
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .sign(await importJWK(key, alg));
}

type Forgery = (token: string, provided: Provided) => Promise<string>;

/** A token of the provider's own key in which only these claims differ. */
function changed(change: (claims: JWTPayload) => JWTPayload): Forgery {
  return (token, { key }) => forged(token, change, key);
}

const seconds = () => Math.floor(Date.now() / 1000);

const forgeries: Record<string, Forgery> = {
  "another issuer": changed((claims) => ({ ...claims, iss: "https://login.example.org" })),
  "another audience": changed((claims) => ({ ...claims, aud: "another-client" })),
  "one audience more": changed((claims) => ({ ...claims, aud: [client.id, "another-client"] })),
  "another authorized party": changed((claims) => ({ ...claims, azp: "another-client" })),
  "another nonce": changed((claims) => ({ ...claims, nonce: "a".repeat(43) })),
  "no nonce": changed(({ nonce: _, ...claims }) => claims),
  "an end in the past": changed((claims) => ({ ...claims, exp: seconds() - 120 })),
  "a beginning in the future": changed((claims) => ({ ...claims, nbf: seconds() + 300 })),
  "a birth in the future": changed((claims) => ({ ...claims, iat: seconds() + 300 })),
  "no subject": changed(({ sub: _, ...claims }) => claims),
  "a key of somebody else under the same name": async (token, { key }) =>
    forged(token, (claims) => claims, await newKey(key.kid ?? "")),
  "a key of somebody else": async (token) =>
    forged(token, (claims) => claims, await newKey("foreign")),
  "the client's secret as the key": (token) =>
    forged(
      token,
      (claims) => claims,
      { kty: "oct", k: Buffer.from(client.secret).toString("base64url") },
      { alg: "HS256" },
    ),
  "no signature": async (token) => new UnsecuredJWT(decodeJwt(token)).encode(),
  "a cut signature": async (token) => token.slice(0, token.lastIndexOf(".") + 1),
};

for (const [name, forge] of Object.entries(forgeries)) {
  test(`an ID token with ${name} signs nobody in`, async ({ page, provided }) => {
    provided.gate.tampering.tokens = async (answer) => ({
      ...answer,
      id_token: await forge(answer.id_token, provided),
    });
    await signIn(page);
    await expectRefusal(page, "untrusted");
  });
}

test("the forger's own hand is not what is refused", async ({ page, provided }) => {
  provided.gate.tampering.tokens = async (answer) => ({
    ...answer,
    id_token: await forged(answer.id_token, (claims) => claims, provided.key),
  });
  await signIn(page);
  await expect(page).toHaveURL(/\/promotions$/);
});

test("an answer without an ID token signs nobody in", async ({ page, provided }) => {
  provided.gate.tampering.tokens = ({ id_token: _, ...answer }) => answer;
  await signIn(page);
  await expectRefusal(page, "untrusted");
});

const returns: Record<string, [string, (address: URL) => void]> = {
  "another state": ["stale", ({ searchParams }) => searchParams.set("state", "a".repeat(43))],
  "no state": ["stale", ({ searchParams }) => searchParams.delete("state")],
  "a state that ends otherwise": [
    "stale",
    ({ searchParams }) =>
      searchParams.set("state", `${searchParams.get("state")?.slice(0, 20)}${"a".repeat(23)}`),
  ],
  "no issuer": ["untrusted", ({ searchParams }) => searchParams.delete("iss")],
  "another issuer": [
    "untrusted",
    ({ searchParams }) => searchParams.set("iss", "https://login.example.org"),
  ],
  "two issuers": [
    "stale",
    ({ searchParams }) => searchParams.append("iss", searchParams.get("iss") ?? ""),
  ],
  "no code": ["untrusted", ({ searchParams }) => searchParams.delete("code")],
  "another code": ["stale", ({ searchParams }) => searchParams.set("code", "a".repeat(43))],
};

for (const [name, [trouble, back]] of Object.entries(returns)) {
  test(`a return with ${name} signs nobody in`, async ({ page, provided }) => {
    provided.gate.tampering.back = back;
    await signIn(page);
    await expectRefusal(page, trouble);
  });
}

test("a return in another browser signs nobody in", async ({ page, provided, browser }) => {
  let returned = "";
  provided.gate.tampering.back = (address) => {
    returned = address.href;
    address.pathname = "/healthz";
  };
  await signIn(page);
  await expect.poll(() => returned).not.toBe("");
  const other = await browser.newContext({ baseURL: provided.installation.url });
  const victim = await other.newPage();
  await victim.goto(returned);
  await expectRefusal(victim, "stale");
  await other.close();
});

test("a return counts once, even if the provider redeems its code twice", async ({
  page,
  context,
  provided,
}) => {
  let returned = "";
  let redeemed: unknown;
  provided.gate.tampering = {
    back: (address) => (returned = address.href),
    tokens: (answer) => (redeemed = redeemed ?? answer),
  };
  await page.goto("/auth/start");
  const started = (await context.cookies()).filter(({ name }) => name.startsWith("__Host-start-"));
  expect(started).toHaveLength(1);
  await page.getByLabel("Name").fill("engineer");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect.poll(() => isSignedIn(page)).toBe(true);

  // An open page would notice, and load itself again.
  await page.goto("about:blank");
  await context.clearCookies();
  await page.goto(returned);
  await expectRefusal(page, "stale");

  // Whoever kept the cookie meets our own memory: the gate answers as a lax provider would.
  provided.gate.tampering.tokens = () => redeemed;
  await context.addCookies(started);
  await page.goto(returned);
  await expectRefusal(page, "stale");
});
