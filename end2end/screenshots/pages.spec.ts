import type { Page } from "@playwright/test";
import { promotion, source } from "../support/demo";
import { jobEnd, promote } from "../support/jobs";
import { shoot } from "../support/shoot";
import { signInAs } from "../support/people";
import { expect, test } from "../support/test";

// Playwright stops the sequence at the first failure: each part builds on the state before it.
test.describe.configure({ mode: "serial" });

async function visit(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await shoot(page, name);
}

test("before anything was looked at", async ({ page }) => {
  await visit(page, "/", "home-empty");
  await visit(page, "/models", "models-empty");
  await visit(page, "/policies", "policies-empty");
  await visit(page, "/promotions", "promotions-empty");
});

test("accounts and their role test", async ({ page }) => {
  await signInAs(page, "admin");
  await visit(page, "/accounts", "accounts");
  await page.getByRole("link", { name: "vision-prod" }).first().click();
  await shoot(page, "account");
  await page.getByRole("button", { name: "Test reader role of vision-prod" }).click();
  await page.waitForLoadState();
  await shoot(page, "account-tested");
});

test("models", async ({ page }) => {
  await page.goto("/models");
  await page.getByRole("button", { name: "Refresh" }).first().click();
  await page.waitForLoadState();
  await visit(page, "/models", "models");
  const [, , , region, account, resource] = source.project.split(":");
  const [, name, number] = resource!.split("/");
  const project = `/models/${region}~${account}~${name}~${number}`;
  await visit(page, project, "model");
  await visit(page, `${project}/v7~1780304400000`, "model-version");
  await visit(page, project.replace("/models", "/policies"), "policy");
});

test("the form, empty and with every field refused", async ({ page }) => {
  await visit(page, "/promotions/new", "promotion-new");
  await page.locator('form[action="/api/promotions/propose"]').evaluate((form) => {
    (form as HTMLFormElement).noValidate = true;
    (form as HTMLFormElement).requestSubmit();
  });
  await page.waitForURL(/promotions\/new/);
  await shoot(page, "promotion-new-refused");
});

test("a promotion under way, done and failed", async ({ page, request }) => {
  const running = await promote(request, promotion("v7"));
  await page.goto(`/jobs/${running.job}`);
  await expect(page.locator("body")).toContainText("COPYING_IN_PROGRESS");
  await shoot(page, "job-copying");
  await visit(page, "/", "home-copying");
  expect((await jobEnd(request, running.job)).state).toBe("Succeeded");
  await visit(page, `/jobs/${running.job}`, "job-succeeded");
  await visit(page, `/promotions/${running.id}`, "promotion");

  const doomed = await promote(request, { ...promotion("v7-again"), bucket: "no-such-bucket" });
  expect((await jobEnd(request, doomed.job)).state).toBe("Failed");
  await visit(page, `/jobs/${doomed.job}`, "job-failed");
  await visit(page, "/promotions", "promotions");
  await visit(page, "/", "home");
});

test.describe("errors", () => {
  test.use({ expectedErrors: [/status of 404/] });

  test("a page that does not exist", async ({ page }) => {
    await visit(page, "/nowhere", "not-found");
  });

  test("a job that does not exist", async ({ page }) => {
    await visit(page, "/jobs/job_01ARZ3NDEKTSV4RRFFQ69G5FAV", "job-not-found");
  });
});

test("people and what they did", async ({ page, context }) => {
  // An open page would notice, and load itself again.
  await page.goto("about:blank");
  await context.clearCookies();
  await visit(page, "/sign-in", "sign-in");
  await visit(page, "/sign-in?trouble=stale", "sign-in-trouble");
  await signInAs(page, "admin");
  await visit(page, "/settings", "settings");
  await visit(page, "/settings/people", "people");
  await page.getByRole("link", { name: "requester" }).click();
  await shoot(page, "person");
  await visit(page, "/audit", "audit");
  await visit(page, "/audit?action=person.sign_out", "audit-empty");
});
