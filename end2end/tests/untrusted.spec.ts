import type { Page } from "@playwright/test";
import { promotion } from "../support/demo";
import { jobEnd, promote } from "../support/jobs";
import { signInAs } from "../support/people";
import { readModels } from "../support/story";
import { expect, test } from "../support/test";

test.use({ ownInstallation: "untrusted", viewport: { width: 1440, height: 900 } });

/** What stands in each text of strangers: elements, a script, an address, an attribute's end. */
const payload =
  `"'><img src=x data-planted onerror="alert(1)"><script data-planted>alert(2)</script>` +
  `<a data-planted href="javascript:alert(3)">here</a>`;

const project = "eu-west-1~111111111111~inspector~1756890000000";

/** Texts that AWS hands on from whoever may write there. */
const world = {
  account: [
    {
      id: "111111111111",
      project: [
        {
          region: "eu-west-1",
          name: "inspector",
          created_ms: 1756890000000,
          policies: [
            {
              name: "planted",
              document: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                  {
                    Effect: "Allow",
                    Principal: { AWS: "arn:aws:iam::222222222222:root" },
                    Action: "rekognition:CopyProjectVersion",
                    Resource: "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v5/*",
                    Condition: { StringEquals: { "aws:PrincipalTag/team": payload } },
                  },
                ],
              }),
            },
          ],
          version: [
            {
              name: "v-planted",
              created_ms: 1790000000000,
              status: "TRAINING_FAILED",
              status_message: payload,
            },
          ],
        },
      ],
    },
  ],
};

/** Goes to a page and finds nothing of it that came to life. */
async function look(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator("[data-planted]"), path).toHaveCount(0);
  await expect(page.locator('[href^="javascript:" i], [onerror], [onload]'), path).toHaveCount(0);
}

test("texts of strangers stay text on every page", async ({ page, request, installation }) => {
  test.slow();
  // The browser's console is watched too: what the content policy stops is an error there.
  const dialogs: string[] = [];
  page.on("dialog", async (dialog) => {
    dialogs.push(dialog.message());
    await dialog.dismiss();
  });
  await installation.control("world", world);
  const effect = { kind: "copy_fails", message: payload };
  await installation.control("faults", { rules: [{ operation: "CopyProjectVersion", effect }] });
  await readModels(page);
  const asked = { ...promotion("v7-planted"), reason: payload };
  const { id, job } = await promote(request, asked);
  expect((await jobEnd(request, job)).state).toBe("Failed");

  await signInAs(page, "admin");
  const shown = [
    `/models/${project}/v-planted~1790000000000`,
    `/policies/${project}`,
    `/jobs/${job}`,
    `/promotions/${id}`,
  ];
  for (const path of shown) {
    await look(page, path);
    await expect(page.locator("main"), `${path} shows the text`).toContainText("<img src=x");
  }
  const key = encodeURIComponent(payload);
  for (const path of [
    "/",
    "/promotions",
    "/models",
    `/models/${project}`,
    "/policies",
    "/accounts/111111111111",
    "/audit",
    `/models?q=${key}`,
    `/sign-in?next=${key}&trouble=${key}`,
    `/audit?object=${key}`,
  ]) {
    await look(page, path);
  }
  await signInAs(page, "requester");
  await look(page, `/policies/${project}`);
  await look(page, `/promotions/new?source=${key}`);
  expect(dialogs).toEqual([]);
});
