import { type BrowserContext, test as base } from "@playwright/test";
import { Installation } from "./installation";
import { type Person, signInAs } from "./people";

export { expect } from "@playwright/test";

interface Options {
  /** Console errors that a test provokes, for example a page that answers 404. */
  expectedErrors: RegExp[];
  /** Who is signed in when a test begins; nobody for tests of that. */
  person: Person | "nobody";
}

interface Shared {
  /** A file that gives a name here has an installation of its own, not one that others changed. */
  ownInstallation: string;
  /** One for each worker: tests in one file see each other's changes, in order. */
  installation: Installation;
}

/**
 * Playwright's test with an installation behind `page.goto("/…")`. A test fails when a page
 * writes an error to the browser's console, throws, or breaks the content security policy.
 */
export const test = base.extend<Options, Shared>({
  expectedErrors: [[], { option: true }],
  person: ["requester", { option: true }],

  ownInstallation: ["", { option: true, scope: "worker" }],

  installation: [
    // Playwright takes another worker when the option differs.
    async ({ ownInstallation: _ }, use) => {
      const installation = await Installation.start();
      await use(installation);
      await installation.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],

  baseURL: async ({ installation }, use) => use(installation.url),

  // What programs ask, at `/v1`.
  request: async ({ playwright, installation }, use) => {
    const authorization = `Bearer ${await installation.token()}`;
    const request = await playwright.request.newContext({
      baseURL: installation.url,
      extraHTTPHeaders: { authorization },
    });
    await use(request);
    await request.dispose();
  },

  context: async ({ context, expectedErrors, person }, use) => {
    const errors = await watch(context);
    if (person !== "nobody") await signInAs(context, person);
    await use(context);
    const unexpected = errors.filter((error) => !expectedErrors.some((known) => known.test(error)));
    base.expect(unexpected, "errors in the browser").toEqual([]);
  },
});

/** The errors of every page of the context, collected while it lives. */
async function watch(context: BrowserContext): Promise<string[]> {
  const errors: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (error) => errors.push(String(error.error())));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return errors;
}
