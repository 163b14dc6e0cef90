import { signInAs } from "../support/people";
import { expect, test } from "../support/test";

test.use({ ownInstallation: "people", person: "nobody" });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled });

    test("somebody signs in where they wanted to go, and out again", async ({ page, context }) => {
      await page.goto("/policies");
      await expect(page).toHaveURL("/sign-in?next=%2Fpolicies");
      await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link")).toHaveCount(0);
      await page.getByRole("button", { name: /^approver-1/ }).click();
      await expect(page).toHaveURL("/policies");
      const before = await context.cookies();
      await page.getByRole("link", { name: "approver-1" }).click();
      await expect(page.getByText("approver everywhere")).toBeVisible();
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(page).toHaveURL(/^[^?]*\/sign-in/);
      // The old cookie is worth nothing.
      await context.addCookies(before);
      await page.goto("/policies");
      await expect(page).toHaveURL("/sign-in?next=%2Fpolicies");
    });
  });
}

test("a sign-in gets a new session", async ({ page, context }) => {
  await signInAs(page, "requester");
  const [first] = (await context.cookies()).filter(({ name }) => name === "__Host-sid");
  await signInAs(page, "requester");
  const [second] = (await context.cookies()).filter(({ name }) => name === "__Host-sid");
  expect(second?.value).not.toBe(first?.value);
  expect(second).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
});

test("who is kept out is shown the door while they look", async ({ page, browser, installation }) => {
  await signInAs(page, "auditor");
  await page.goto("/");
  await expect(page.locator("main [data-live], nav [data-live]").first()).toHaveText("Live");
  const other = await browser.newContext({ baseURL: installation.url });
  await signInAs(other, "admin");
  const admin = await other.newPage();
  await admin.goto("/settings/people");
  await admin.getByRole("link", { name: "auditor" }).click();
  await admin.getByRole("button", { name: "Keep out" }).click();
  await expect(admin.getByText("Kept out")).toBeVisible();
  await page.goto("/models");
  await expect(page).toHaveURL(/\/sign-in/);
  const refused = await page.context().request.post("/sign-in/demo", {
    form: { person: "auditor" },
    headers: { "sec-fetch-site": "same-origin" },
    maxRedirects: 0,
  });
  expect(refused.status()).toBe(409);
  await admin.getByRole("button", { name: "Let in again" }).click();
  await signInAs(page, "auditor");
  await page.goto("/audit?action=person.deactivate");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.locator("tbody tr")).toContainText("admin");
  await other.close();
});

test("an admin gives a role and nobody changes their own", async ({ page }) => {
  await signInAs(page, "approver-2");
  await signInAs(page, "admin");
  await page.goto("/settings/people");
  await page.getByRole("link", { name: "approver-2" }).click();
  await page.getByLabel("Role", { exact: true }).selectOption("requester");
  await page.getByLabel("in", { exact: true }).selectOption("dev");
  await page.getByRole("button", { name: "Give" }).click();
  await expect(page.getByRole("row", { name: /^requester dev an admin/ })).toBeVisible();
  await page.getByRole("button", { name: "Take away requester:dev" }).click();
  await expect(page.getByRole("row", { name: /^requester/ })).toHaveCount(0);
  await page.goto("/settings/people");
  await page.getByRole("link", { name: "admin", exact: true }).first().click();
  await expect(page.getByRole("button", { name: "Give" })).toHaveCount(0);
});
