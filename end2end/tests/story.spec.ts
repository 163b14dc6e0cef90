import { expectAccessible } from "../support/axe";
import { promote, readModels, status, testRoles } from "../support/story";
import { expect, test } from "../support/test";

test.use({ ownInstallation: "story" });

test("a newcomer tests roles, promotes from dev to prod and watches it finish", async ({
  page,
  installation,
}) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "First steps" })).toBeVisible();
  await testRoles(page);
  await readModels(page);
  await promote(page, "v7");

  // From here on the page changes by itself: a reload would lose this mark.
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
  await expect(status(page)).toHaveText("Copying");
  await expect(page.locator(".aws-said")).toContainText("COPYING_IN_PROGRESS");
  await expect(page.locator(".aws-said")).toContainText(/next look (now|in \d+ s)/);
  await expectAccessible(page);

  await expect(status(page)).toHaveText("Succeeded", { timeout: 60_000 });
  await expect(page).toHaveTitle(/^Job \d+: Succeeded/);
  await expect(page.getByText("inspector v7 is in vision-prod.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Proof" })).toContainText("removed");
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);

  const copies = (await installation.ledger()).filter(
    (call) => call.operation === "CopyProjectVersion",
  );
  expect(copies).toHaveLength(1);

  await page.getByRole("button", { name: "Read its models" }).click();
  await page.getByRole("searchbox", { name: "Filter", exact: true }).fill("v7");
  await expect(page.getByRole("link", { name: "inspector v7 in vision-prod" })).toContainText("Copied");
  await expect(page.getByRole("link", { name: "inspector v6 in vision-prod" })).toBeHidden();

  await page.goto("/policies");
  const dev = page.getByRole("row", { name: /^inspector dev vision-dev eu-west-1/ });
  await dev.getByRole("link").click();
  await expect(page.getByText("No project policy", { exact: true })).toBeVisible();
});

test("a filter stays while the models are read again", async ({ page, context }) => {
  await page.goto("/models");
  await expect(page.locator("main [data-live]")).toHaveText("Live");
  await page.getByRole("searchbox", { name: "Filter", exact: true }).fill("v6");
  const other = page.getByRole("link", { name: "inspector v5 in vision-dev" });
  await expect(other).toBeHidden();
  const again = page.waitForResponse("**/fragments/models");
  await readModels(await context.newPage());
  await page.bringToFront();
  await again;
  const grid = page.getByRole("region", { name: "inspector in eu-west-1, versions by account" });
  await expect(grid.getByText(/^read (now|\d s ago)$/).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "inspector v6 in vision-dev" })).toBeVisible();
  await expect(other).toBeHidden();
});

test("an ARN goes to the clipboard", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await readModels(page);
  await promote(page, "v7-clipboard");
  await expect(page.locator("html")).toHaveAttribute("data-islands", "ready");
  await page.getByRole("button", { name: "Copy ARN of inspector v7-clipboard in vision-prod" }).click();
  await expect(page.getByText("Copied to the clipboard").first()).toBeAttached();
  // Pages may not read the clipboard; people paste.
  await page.getByLabel("Find models").focus();
  await page.keyboard.press("Control+V");
  await expect(page.getByLabel("Find models")).toHaveValue(
    /^arn:aws:rekognition:eu-west-1:333333333333:project\/inspector\/version\/v7-clipboard\//,
  );
});

test.describe("when the console is gone for a while", () => {
  test.use({ expectedErrors: [/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/] });

  test("the page says so and goes on by itself", async ({ page, installation }) => {
    await page.goto("/promotions");
    const badge = page.locator("main [data-live]");
    await expect(badge).toHaveText("Live");
    await installation.killConsole();
    await expect(badge).toHaveText("Reconnecting");
    await installation.startConsole();
    await expect(badge).toHaveText("Live", { timeout: 20_000 });
  });
});
