import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe";
import { expectNoSidewaysScrolling, promote, readModels, status, testRoles } from "../support/story";
import { signInAs } from "../support/people";
import { expect, test } from "../support/test";

test.use({ ownInstallation: "accessibility" });

/** Every page that needs no id. */
const places = ["/", "/accounts", "/accounts/111111111111", "/models", "/policies", "/promotions", "/promotions/new"];

/** Looks at one page in both themes, and at its narrow form. */
async function look(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScrolling(page);
  await page.setViewportSize({ width: 1280, height: 720 });
}

test("pages of a new installation", async ({ page }) => {
  for (const path of places) await look(page, path);
});

test("full pages", async ({ page }) => {
  test.slow();
  await testRoles(page);
  await readModels(page);
  await promote(page, "v7-accessible");
  const job = new URL(page.url()).pathname;
  await expect(status(page)).toHaveText("Succeeded", { timeout: 60_000 });
  const promotion = await page.locator(".page-meta a").first().getAttribute("href");
  await page.goto("/policies");
  const policies = await page.locator("tbody a").first().getAttribute("href");
  await page.goto("/models");
  const version = await page.locator("a.cell").first().getAttribute("href");
  const project = version?.split("/").slice(0, 3).join("/");
  for (const path of [...places, job, promotion, policies, version, project]) {
    await look(page, path ?? "");
  }
});

test("pages about people and what they did", async ({ page, context }) => {
  await context.clearCookies();
  await look(page, "/sign-in");
  await signInAs(page, "auditor");
  await signInAs(page, "admin");
  for (const path of ["/settings", "/settings/people", "/audit", "/audit?action=person.sign_in"]) {
    await look(page, path);
  }
  await page.goto("/settings/people");
  await page.getByRole("link", { name: "auditor" }).click();
  await look(page, new URL(page.url()).pathname);
});

test("a job that failed", async ({ page, installation }) => {
  const effect = { kind: "copy_fails", message: "The key is disabled." };
  await installation.control("faults", { rules: [{ operation: "CopyProjectVersion", effect }] });
  await promote(page, "v7-failing");
  await expect(status(page)).toHaveText("Failed", { timeout: 60_000 });
  await expect(page.getByRole("alert")).toContainText("The key is disabled.");
  await look(page, new URL(page.url()).pathname);
});

test("forms that came back", async ({ page }) => {
  await page.goto("/promotions/new");
  await page.getByRole("button", { name: "Propose promotion" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  await expectAccessible(page);
  await page.goto("/policies");
  await page.locator("tbody a").first().click();
  await page.getByRole("button", { name: "Show document" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page);
});

test("the navigation of narrow screens", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(navigation).toBeVisible();
  await expectAccessible(page);
  await navigation.getByRole("link", { name: "Models" }).click();
  await expect(page).toHaveURL(/\/models$/);
});

test("the theme is chosen by hand and kept", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const button = page.getByRole("button", { name: "Dark theme" });
  await expect(button).toHaveAttribute("aria-pressed", "false");
  await button.click();
  await expect(button).toHaveAttribute("aria-pressed", "true");
  await page.goto("/models");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
