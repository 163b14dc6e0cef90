import { promote, readModels, status, testRoles } from "../support/story";
import { expect, test } from "../support/test";

test.use({ javaScriptEnabled: false });

test("the whole story works without scripts", async ({ page }) => {
  await testRoles(page);
  await readModels(page);
  await page.goto("/models?q=inspector+v7");
  await expect(page.getByRole("link", { name: "inspector v7 in vision-dev" })).toBeVisible();
  await expect(page.getByRole("link", { name: "inspector v6 in vision-dev" })).toBeHidden();
  await promote(page, "v7-without-scripts");
  await expect(page.locator('meta[http-equiv="refresh"]')).toHaveAttribute("content", "10");
  await expect(page.getByText("Not live").last()).toBeAttached();
  // The page reads itself again every ten seconds while the job runs.
  await expect(status(page)).toHaveText("Succeeded", { timeout: 60_000 });
  await expect(page.locator('meta[http-equiv="refresh"]')).toHaveCount(0);
});

test("a form that was refused comes back with what was typed", async ({ page }) => {
  await readModels(page);
  await page.goto("/promotions/new");
  await page.getByLabel("Version name").fill("v 7");
  await page.getByLabel("Bucket").fill("a");
  await page.getByLabel("Tags").fill("team=vision\nteam");
  await page.getByRole("button", { name: "Propose promotion" }).click();
  await expect(page.getByRole("alert")).toContainText("fields need other values");
  await expect(page.getByLabel("Version name")).toHaveValue("v 7");
  await expect(page.getByLabel("Version name")).toHaveAccessibleDescription(/letters, digits/);
  await expect(page.getByLabel("Tags")).toHaveValue("team=vision\nteam");
  await expect(page.getByLabel("Tags")).toHaveAccessibleDescription(/^Line 2: /);
  await page.reload();
  await expect(page.getByLabel("Bucket")).toHaveValue("a");
});

test("a policy is shown, attached and removed", async ({ page }) => {
  await readModels(page);
  await page.goto("/policies");
  await page.getByRole("row", { name: /^inspector dev vision-dev eu-west-1/ }).getByRole("link").click();
  const address = page.url();
  await page.getByLabel("Who may copy").selectOption("333333333333");
  await page.getByLabel("v7").check();
  await page.getByRole("button", { name: "Show document" }).click();
  const document = await page.locator("#preview pre").textContent();
  expect(JSON.parse(document ?? "").Statement).toHaveLength(1);
  await page.getByLabel("Policy name").fill("export");
  await page.getByRole("button", { name: "Attach policy" }).click();
  // The page reads itself again every ten seconds while the job runs.
  const done = () => expect(status(page)).toHaveText("Succeeded", { timeout: 60_000 });
  await done();
  await page.goto(address);
  await page.getByText("Document", { exact: true }).click();
  expect(await page.locator(".rows pre").textContent()).toBe(document);
  await page.getByRole("button", { name: "Remove policy export" }).click();
  const question = page.getByRole("dialog", { name: "Remove policy" });
  await expect(question.getByLabel("Reason")).toBeFocused();
  await question.getByRole("button", { name: "Remove policy" }).click();
  await done();
  await page.goto(address);
  await expect(page.getByText("No project policy", { exact: true })).toBeVisible();
});
