import { readModels, status } from "../support/story";
import { expect, test } from "../support/test";

test.use({ ownInstallation: "policies" });

test("an open page of policies shows what a job has done", async ({ page, context }) => {
  await readModels(page);
  await page.goto("/policies");
  await page.getByRole("row", { name: /^inspector dev vision-dev eu-west-1/ }).getByRole("link").click();
  await expect(page.locator("main [data-live]")).toHaveText("Live");
  await expect(page.getByText("No project policy", { exact: true })).toBeVisible();
  await page.getByLabel("v7").check();
  // A reload would lose this mark.
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByLabel("Who may copy").selectOption("333333333333");
  await other.getByLabel("v7").check();
  await other.getByRole("button", { name: "Show document" }).click();
  // What is shown is what would be sent: it goes when the form asks for something else.
  await other.getByLabel("Who may copy").selectOption("222222222222");
  await expect(other.getByRole("button", { name: "Attach policy" })).toBeHidden();
  await other.getByLabel("Who may copy").selectOption("333333333333");
  await other.getByRole("button", { name: "Show document" }).click();
  await other.getByLabel("Policy name").fill("export");
  await other.getByRole("button", { name: "Attach policy" }).click();
  await expect(status(other)).toHaveText("Succeeded", { timeout: 60_000 });

  await page.bringToFront();
  await expect(page.getByRole("heading", { name: "export" })).toBeVisible();
  await expect(page.getByText("1 of 5 slots taken", { exact: true })).toBeVisible();
  await expect(page.getByLabel("v7")).toBeChecked();
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);

  // A question that stands open goes with its policy, rather than being about another one.
  await page.getByRole("button", { name: "Remove policy export" }).click();
  const question = page.getByRole("dialog", { name: "Remove policy" });
  await expect(question).toBeVisible();
  await other.goto(page.url());
  await other.getByRole("button", { name: "Remove policy export" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Remove policy" }).click();
  await expect(status(other)).toHaveText("Succeeded", { timeout: 60_000 });
  await page.bringToFront();
  await expect(page.getByText("No project policy", { exact: true })).toBeVisible();
  await expect(question).toBeHidden();
});
