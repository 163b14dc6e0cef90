import type { Page } from "@playwright/test";
import { destination, source } from "../support/demo";
import { readModels } from "../support/story";
import { expect, test } from "../support/test";

test.use({ ownInstallation: "promotion-form" });

/** The parts of the form that follow from its two ends. */
async function following(page: Page) {
  return {
    arrow: await page.locator("[data-part=arrow]").innerText(),
    outline: await page.locator("[data-part=outline]").innerText(),
    name: await page.getByLabel("Version name").inputValue(),
    prefix: await page.getByLabel("Prefix").inputValue(),
  };
}

/** Those of the form that a version's link leads to. */
async function linked(page: Page) {
  const ends = { source: source.version, destination: destination.project };
  await page.goto(`/promotions/new?${new URLSearchParams(ends)}`);
  return following(page);
}

async function choose(page: Page): Promise<void> {
  await page.getByLabel("Source version").selectOption(source.version);
  await page.getByLabel("Destination project").selectOption(destination.project);
}

test("a blank form fills itself in as a version's link does", async ({ page }) => {
  await readModels(page);
  const wanted = await linked(page);
  expect(wanted).toMatchObject({ name: "v7", prefix: "inspector" });
  await page.goto("/promotions/new");
  await choose(page);
  await expect.poll(() => following(page)).toEqual(wanted);
});

test("what was typed stays", async ({ page }) => {
  await readModels(page);
  await page.goto("/promotions/new");
  await page.getByLabel("Version name").fill("mine");
  await page.getByLabel("Source version").selectOption(source.version);
  await expect(page.getByLabel("Prefix")).toHaveValue("inspector");
  await page.getByLabel("Prefix").fill("");
  await page.getByLabel("Destination project").selectOption(destination.project);
  await expect(page.locator("[data-part=arrow]")).toContainText("vision-prod");
  await expect(page.getByLabel("Version name")).toHaveValue("mine");
  await expect(page.getByLabel("Prefix")).toHaveValue("");
});

test("a field that somebody has just entered is left to them", async ({ page }) => {
  await readModels(page);
  await page.goto("/promotions/new");
  await page.getByLabel("Version name").focus();
  await choose(page);
  await expect(page.getByLabel("Prefix")).toHaveValue("inspector");
  await expect(page.getByLabel("Version name")).toHaveValue("");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a button fills a blank form in", async ({ page }) => {
    await readModels(page);
    const wanted = await linked(page);
    await page.goto("/promotions/new");
    await choose(page);
    await page.getByLabel("Reason").fill("The line needs it.");
    await page.getByRole("button", { name: "Suggest name and prefix" }).click();
    expect(await following(page)).toEqual(wanted);
    await expect(page.getByLabel("Reason")).toHaveValue("The line needs it.");
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
});
