import type { Page } from "@playwright/test";
import { promotion } from "../support/demo";
import { jobEnd, promote } from "../support/jobs";
import { expectNoSidewaysScrolling, readModels } from "../support/story";
import { expect, test } from "../support/test";

test.use({ ownInstallation: "layout" });

/** The tables on the page that show less than they hold, by caption. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".table-wrap")]
      .filter((table) => table.scrollWidth > table.clientWidth)
      .map((table) => `${table.getAttribute("aria-label")}: ${table.scrollWidth} in ${table.clientWidth}`),
  );
}

test("tables are whole on a screen of 1280 pixels", async ({ page, request }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await readModels(page);
  const good = await promote(request, promotion("v7-layout"));
  expect((await jobEnd(request, good.job)).state).toBe("Succeeded");
  const doomed = { ...promotion("v7-doomed"), bucket: "no-such-bucket" };
  const bad = await promote(request, doomed);
  expect((await jobEnd(request, bad.job)).state).toBe("Failed");
  const jobs = [good, bad].map(({ job }) => `/jobs/${job}`);
  for (const path of ["/", "/promotions", "/policies", "/models", "/accounts", ...jobs]) {
    await page.goto(path);
    await page.locator("details.calls").evaluateAll((all) => {
      for (const calls of all) (calls as HTMLDetailsElement).open = true;
    });
    expect(await cut(page), path).toEqual([]);
    await expectNoSidewaysScrolling(page);
  }
  await page.setViewportSize({ width: 390, height: 800 });
  for (const path of ["/", ...jobs]) {
    await page.goto(path);
    await expectNoSidewaysScrolling(page);
  }
});
