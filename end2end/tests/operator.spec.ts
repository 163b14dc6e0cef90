import type { Installation } from "../support/installation";
import { destination, promotion } from "../support/demo";
import { jobEnd, promote } from "../support/jobs";
import { readModels, status } from "../support/story";
import { signInAs } from "../support/people";
import { expect, test } from "../support/test";

// Assumptions and faults of its own, which other tests must not meet.
test.use({ ownInstallation: "operator" });
test.describe.configure({ mode: "serial" });

/** The statements that Customhouse put anywhere, as the emulated AWS has them. */
async function grants(installation: Installation): Promise<number> {
  const state = JSON.stringify(await installation.control("state"));
  return state.match(/Sid[\\":]+Ch[0-9A-Z]{26}/g)?.length ?? 0;
}

async function copies(installation: Installation): Promise<number> {
  const calls = await installation.ledger();
  return calls.filter((call) => call.operation === "CopyProjectVersion").length;
}

test("a copy that AWS has is stopped with the truth told", async ({ page, request, installation }) => {
  await readModels(page);
  const { job } = await promote(request, promotion("v7-stopped"));
  await page.goto(`/jobs/${job}`);
  await expect(page.getByText("AWS said")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Stop…" }).click();
  const question = page.getByRole("dialog", { name: "Stop this job" });
  await expect(question).toContainText("AWS has no cancel: it will finish the copy");
  await expect(question.getByRole("button", { name: "Let it run" })).toBeFocused();
  await question.getByRole("button", { name: "Stop the job" }).click();
  await expect(page.getByText("Stop by requester")).toBeVisible();
  await expect(status(page)).toHaveText("Stopped", { timeout: 60_000 });
  await expect(page.getByText("It stays there and was not read back")).toBeVisible();
  expect(await grants(installation)).toBe(0);
  expect(await copies(installation)).toBe(1);
});

test("whoever waits for their turn sees it, and can be stopped", async ({ page, request }) => {
  const first = await promote(request, promotion("v7-first"));
  const second = await promote(request, promotion("v7-second"));
  await page.goto(`/jobs/${second.job}`);
  await expect(page.getByText("Waiting for 1 other into inspector.")).toBeVisible();
  await page.goto("/promotions");
  await expect(page.getByText("Waiting for 1 other into inspector")).toBeVisible();
  await page.goto(`/jobs/${second.job}`);
  await page.getByRole("button", { name: "Stop…" }).click();
  const question = page.getByRole("dialog", { name: "Stop this job" });
  await expect(question).toContainText("no copy is made");
  await question.getByRole("button", { name: "Stop the job" }).click();
  await expect(status(page)).toHaveText("Stopped", { timeout: 60_000 });
  expect((await jobEnd(request, first.job)).state).toBe("Succeeded");
});

test("open pages say when the installation is paused, and when it no longer is", async ({
  page,
  installation,
}) => {
  await page.goto("/promotions");
  await expect(page.locator("main [data-live]")).toHaveText("Live");
  const banner = page.getByText("Somebody paused the installation.");
  await expect(banner).toBeHidden();
  await installation.command("pause");
  await expect(banner).toBeVisible();
  await installation.command("resume");
  await expect(banner).toBeHidden();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a version that nothing proves is adopted", async ({ page, request, installation }) => {
    // An unproven version is looked at for a minute before a person is asked.
    const before = await copies(installation);
    await installation.control("world", {
      assumptions: { copy_output_config: "absent", tags_visible: false },
    });
    await installation.control("faults", {
      rules: [{ operation: "CopyProjectVersion", effect: { kind: "reset_after" } }],
    });
    const { job } = await promote(request, promotion("v7-unproven"));
    // Deciding about a copy in doubt is for admins.
    await signInAs(page, "admin");
    await page.goto(`/jobs/${job}`);
    await expect(status(page)).toHaveText("Needs operator", { timeout: 150_000 });
    const decision = page.getByRole("region", { name: "Your decision" });
    await expect(decision).toContainText("as planned");
    await expect(decision).toContainText("may stand");
    await decision.getByRole("button", { name: "Adopt…" }).click();
    const question = page.getByRole("dialog", { name: "Adopt a version" });
    await expect(question.getByLabel("ARN of the version")).toHaveValue(
      new RegExp(`^${destination.project.replace(/\/\d+$/, "")}/version/v7-unproven/\\d+$`),
    );
    await question.getByRole("button", { name: "Adopt this version" }).click();
    await expect(status(page)).toHaveText("Succeeded", { timeout: 60_000 });
    await expect(page.getByText("Adopted: the version names the planned source.").first()).toBeVisible();
    expect(await copies(installation)).toBe(before + 1);
    expect(await grants(installation)).toBe(0);
  });
});
