import type { BrowserContext, Page } from "@playwright/test";
import { expect } from "@playwright/test";

/** The people of the demonstration (server/src/http/demo.rs). */
export type Person = "requester" | "approver-1" | "approver-2" | "auditor" | "admin";

/** Signs the browser in as one of them, as their button on the page does. */
export async function signInAs(browser: Page | BrowserContext, person: Person): Promise<void> {
  const context = "context" in browser ? browser.context() : browser;
  const answer = await context.request.post("/sign-in/demo", {
    form: { person },
    headers: { "sec-fetch-site": "same-origin" },
    maxRedirects: 0,
  });
  expect(answer.status(), await answer.text()).toBe(303);
}
