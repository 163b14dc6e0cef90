import type { Page } from "@playwright/test";
import { signInAs } from "./people";
import { expect } from "./test";

/** The accounts of the demonstration, in the order of their environments. */
export const accounts = ["vision-dev", "vision-staging", "vision-prod"];

/** Tests both roles of every account, as a newcomer does first. */
export async function testRoles(page: Page): Promise<void> {
  await signInAs(page, "admin");
  for (const account of accounts) {
    await page.goto("/accounts");
    await page.getByRole("link", { name: account, exact: true }).click();
    for (const role of ["reader", "promoter"]) {
      await page.getByRole("button", { name: `Test ${role} role of ${account}` }).click();
      const sheet = page.getByRole("region", { name: new RegExp(`^${role} role`, "i") });
      await expect(sheet.locator("h2 .status")).toHaveText("works");
      for (const step of [
        "Role assumed with ExternalId",
        "Account number confirmed",
        "Role refused without ExternalId",
        "Projects readable in eu-west-1",
      ]) {
        await expect(sheet.getByText(`Passed: ${step}`)).toBeVisible();
      }
    }
  }
  await signInAs(page, "requester");
}

/** Reads the models of all accounts. */
export async function readModels(page: Page): Promise<void> {
  await page.goto("/models");
  await page.getByRole("button", { name: "Refresh" }).first().click();
  await expect(page.getByRole("heading", { name: /^inspector eu-west-1/ })).toBeVisible();
}

/** From the grid of models to the job that copies inspector v7 from dev to prod. */
export async function promote(page: Page, name: string): Promise<void> {
  await page.goto("/models");
  await page.getByRole("link", { name: "Promote inspector v7 to vision-staging" }).waitFor();
  await page.goto("/promotions/new");
  await page.getByLabel("Source version").selectOption(await option(page, "source_version", "inspector v7"));
  const prod = await option(page, "destination_project", "vision-prod (3333 3333 3333), project inspector");
  await page.getByLabel("Destination project").selectOption(prod);
  await page.getByLabel("Version name").fill(name);
  await page.getByLabel("Bucket").fill("vision-prod-models");
  await page.getByLabel("Reason").fill("The line needs it.");
  await page.getByRole("button", { name: "Propose promotion" }).click();
  await expect(page).toHaveURL(/\/jobs\/job_/);
}

/** The value of the first option in eu-west-1 whose text holds `text`. */
async function option(page: Page, select: string, text: string): Promise<string> {
  const options = page.locator(`#${select} option[value*=":eu-west-1:"]`, { hasText: text });
  return (await options.first().getAttribute("value")) ?? "";
}

/** What stands beside the title. */
export function status(page: Page) {
  return page.locator(".page-head .status");
}

/** What wide things must not do on a narrow screen. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0);
}
