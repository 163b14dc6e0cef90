import { expectAccessible } from "../support/axe";
import { expect, test } from "../support/test";

test("the first page is served under a strict policy and its islands wake", async ({ page }) => {
  const response = await page.goto("/");
  expect(response?.status()).toBe(200);
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe-inline");
  await expect(page.locator("html")).toHaveAttribute("data-islands", "ready");
  await expectAccessible(page);
});

test("files of the site are kept for ever and sent compressed", async ({ page, request }) => {
  await page.goto("/");
  const style = await page.locator('link[rel="stylesheet"]').first().getAttribute("href");
  const response = await request.get(style ?? "", { headers: { "accept-encoding": "br" } });
  expect(response.headers()["cache-control"]).toContain("immutable");
  expect(response.headers()["content-encoding"]).toBe("br");
  expect(response.headers()["content-type"]).toContain("text/css");
});

test.describe("an address that leads nowhere", () => {
  test.use({ expectedErrors: [/status of 404/] });

  test("answers 404 with a page that leads back", async ({ page }) => {
    const response = await page.goto("/nowhere");
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
  });
});
