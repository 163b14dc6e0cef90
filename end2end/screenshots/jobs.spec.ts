import { promotion } from "../support/demo";
import { jobEnd, promote } from "../support/jobs";
import { shoot } from "../support/shoot";
import { readModels, status } from "../support/story";
import { expect, test } from "../support/test";

test.use({ ownInstallation: "jobs" });
test.describe.configure({ mode: "serial" });

test("queued behind others, and stopped", async ({ page, request }) => {
  await readModels(page);
  const first = await promote(request, promotion("v7-first"));
  const second = await promote(request, promotion("v7-second"));
  const third = await promote(request, promotion("v7-third"));
  await page.goto(`/jobs/${third.job}`);
  await expect(page.getByText("Waiting for 2 others into inspector.")).toBeVisible();
  await shoot(page, "job-queued");
  await page.goto(`/jobs/${first.job}`);
  await expect(page.getByText("AWS said")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Stop…" }).click();
  await shoot(page, "job-stop-question");
  await page.getByRole("button", { name: "Stop the job" }).click();
  await expect(status(page)).toHaveText("Stopped", { timeout: 30_000 });
  await shoot(page, "job-stopped");
  for (const waiting of [second, third]) await jobEnd(request, waiting.job);
});

test("needs an operator", async ({ page, request, installation }) => {
  test.setTimeout(180_000);
  await installation.control("world", {
    assumptions: { copy_output_config: "absent", tags_visible: false },
  });
  await installation.control("faults", {
    rules: [{ operation: "CopyProjectVersion", effect: { kind: "reset_after" } }],
  });
  const { job } = await promote(request, promotion("v7-unproven"));
  await page.goto(`/jobs/${job}`);
  await expect(status(page)).toHaveText("Needs operator", { timeout: 150_000 });
  await expect(page.getByText("Not adopted")).toBeVisible();
  await shoot(page, "job-operator");
});

test("paused", async ({ page, request, installation }) => {
  await installation.command("pause");
  const { job } = await promote(request, promotion("v7-paused"));
  await page.goto(`/jobs/${job}`);
  await expect(page.getByText("The job waits for the pause to be lifted")).toBeVisible();
  await shoot(page, "job-paused");
  await page.goto("/");
  await shoot(page, "home-paused");
});
