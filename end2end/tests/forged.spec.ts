import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promotion } from "../support/demo";
import { readModels } from "../support/story";
import { expect, test } from "../support/test";

// Refusals are errors in the browser's console.
test.use({ ownInstallation: "forged", expectedErrors: [/./] });

/** What a form of another site would send to have a promotion proposed in the victim's name. */
const body = { ...promotion("v7-forged"), form_id: "" };
const paths = ["/api/promotions/propose", "/v1/promotions", "/api/sign-out", "/sign-in/demo"];
const types = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/** A page that posts a form as soon as it is there. */
function form(action: string, method: string, type: string): string {
  const fields = { ...body, person: "admin" };
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input name="${name}" value="${value}">`,
  );
  // RFC 8259 text by a form: the name and the value meet in one "=".
  const json = JSON.stringify({ ...body, reason: "=" }).split("=");
  const whole = `<input name='${json[0]}' value='${json[1]}'>`;
  return `<!doctype html><form action="${action}" method="${method}" enctype="${type}">
    ${type === "text/plain" ? whole : inputs.join("")}</form>
    <script>document.forms[0].submit()</script>`;
}

/**
 * Another site on this machine. By the name `127.0.0.1` it is the same site as the console, as a
 * neighbouring subdomain would be, so browsers send the console's cookies along; by the name
 * `localhost` it is a foreign one.
 */
async function otherSite(answer: (path: string) => string) {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(answer(request.url ?? "/"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

test("no form and no script of another site acts for who is signed in", async ({
  page,
  context,
  request,
  installation,
}) => {
  test.slow();
  await readModels(page);
  const before = (await installation.ledger()).length;
  const site = await otherSite((path) => {
    const asked = new URL(path, "http://127.0.0.1").searchParams;
    const [action, method, type] = ["action", "method", "type"].map((key) => asked.get(key) ?? "");
    return action ? form(`${installation.url}${action}`, method!, type!) : "<!doctype html><p>Here";
  });
  const { port } = site.address() as AddressInfo;
  for (const host of ["127.0.0.1", "localhost"]) {
    const origin = `http://${host}:${port}`;
    for (const action of paths) {
      for (const method of ["post", "get"]) {
        for (const type of types) {
          const query = new URLSearchParams({ action, method, type });
          // The form leaves the page as soon as it is there, which interrupts going to it.
          const tab = await context.newPage();
          const answered = tab.waitForResponse(
            (answer) => answer.url().split("?")[0] === `${installation.url}${action}`,
          );
          await tab.goto(`${origin}/?${query}`, { waitUntil: "commit" }).catch(() => undefined);
          const answer = await answered;
          await tab.close();
          expect([401, 403, 405, 415], `${method} ${action} as ${type} from ${origin}`).toContain(
            answer.status(),
          );
        }
      }
    }
    await page.goto(origin);
    for (const action of paths) {
      for (const type of [...types, "application/json"]) {
        const url = `${installation.url}${action}`;
        // What is answered is hidden from the page; what was done is asked of the console below.
        await page.evaluate(
          async ([url, type, text]) => {
            for (const mode of ["cors", "no-cors"] as const) {
              const headers = { "content-type": type! };
              const sent = { method: "POST", mode, credentials: "include" as const, headers };
              await fetch(url!, { ...sent, body: text }).catch(() => undefined);
            }
          },
          [url, type, type === "application/json" ? JSON.stringify(body) : "person=admin"],
        );
      }
    }
  }
  site.close();
  const listed = await (await request.get("/v1/promotions")).json();
  expect(listed.items).toEqual([]);
  const since = (await installation.ledger()).slice(before);
  expect(since.filter(({ operation }) => /^(Copy|Put|Delete)/.test(operation))).toEqual([]);
  await page.goto(`${installation.url}/settings`);
  await expect(page.getByText("requester everywhere")).toBeVisible();
});
