import type { BrowserContext, Page } from "@playwright/test";
import { jobEnd, promote } from "../support/jobs";
import { promotion } from "../support/demo";
import { status } from "../support/story";
import { expect, test } from "../support/test";
import type { Installation } from "../support/installation";

test.use({ ownInstallation: "tabs" });

const TABS = 12;

/** How many event streams the console says that it has open. */
async function streams(installation: Installation): Promise<number> {
  const response = await fetch(`${installation.url}/readyz`);
  return (await response.json()).streams;
}

async function expectStreams(installation: Installation, count: number): Promise<void> {
  await expect
    .poll(() => streams(installation), { message: `${count} open streams`, timeout: 20_000 })
    .toBe(count);
}

async function openTabs(context: BrowserContext, path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let tab = 0; tab < TABS; tab++) {
    const page = await context.newPage();
    await page.goto(path);
    pages.push(page);
  }
  return pages;
}

test("twelve tabs over HTTP/1.1 follow a job through one stream", async ({
  context,
  request,
  installation,
}) => {
  const tabs = await openTabs(context, "/promotions");
  for (const tab of tabs) await expect(tab.locator("main [data-live]")).toHaveText("Live");
  await expectStreams(installation, 1);
  await promote(request, promotion("v7-tabs"));
  for (const tab of tabs) {
    const first = tab.getByRole("row").nth(1);
    await expect(first).toContainText("Succeeded", { timeout: 60_000 });
  }
  expect(await streams(installation)).toBe(1);
});

test("a tab that begins to listen late shows what happened meanwhile", async ({
  context,
  request,
  installation,
}) => {
  const [leader, late] = [await context.newPage(), await context.newPage()];
  await leader.goto("/promotions");
  await expectStreams(installation, 1);
  const job = await promote(request, promotion("v7-late"));
  let listen = () => {};
  const ended = new Promise<void>((resolve) => (listen = resolve));
  await late.route(/\/live\..*\.js$/, async (route) => {
    await ended;
    await route.continue();
  });
  await late.goto(`/jobs/${job.job}`, { waitUntil: "commit" });
  await expect(status(late)).not.toHaveText("Succeeded");
  await jobEnd(request, job.job);
  listen();
  await expect(status(late)).toHaveText("Succeeded");
  await expectStreams(installation, 1);
});

test.describe("a job that is gone", () => {
  test.use({ expectedErrors: [/404/] });

  test("an open page of it says so by itself", async ({ page, request }) => {
    const { job } = await promote(request, promotion("v7-gone"));
    // What a restored database answers that does not know the job.
    await page.route(`**/fragments/jobs/${job}`, (route) => route.fulfill({ status: 404 }));
    let loads = 0;
    page.on("load", () => loads++);
    await page.goto(`/jobs/${job}`);
    await expect.poll(() => loads).toBeGreaterThan(1);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await jobEnd(request, job);
  });
});

test("when the tab that leads is closed another one leads", async ({
  context,
  request,
  installation,
}) => {
  const tabs = await openTabs(context, "/promotions");
  await expectStreams(installation, 1);
  // Whoever leads is among the tabs; closing them one after the other closes it for sure.
  while (tabs.length > 2) {
    await tabs.shift()?.close();
    await expectStreams(installation, 1);
  }
  const job = await promote(request, promotion("v7-tabs-left"));
  await tabs[1]?.goto(`/jobs/${job.job}`);
  await tabs[0]?.close();
  await expectStreams(installation, 1);
  const last = tabs[1] as Page;
  await expect(last.locator("main [data-live]")).toHaveText("Live");
  await expect(status(last)).toHaveText("Succeeded", { timeout: 60_000 });
});

test("without Web Locks each visible tab has a stream of its own", async ({
  context,
  installation,
}) => {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
  });
  for (const count of [1, 2, 3]) {
    const page = await context.newPage();
    await page.goto("/promotions");
    await expect(page.locator("main [data-live]")).toHaveText("Live");
    await expectStreams(installation, count);
  }
});
