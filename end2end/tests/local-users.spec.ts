import { expectAccessible } from "../support/axe";
import { expect, test } from "../support/test";

// The first start is of an installation where nobody was before.
test.use({ ownInstallation: "local users", person: "nobody", javaScriptEnabled: false });
test.describe.configure({ mode: "serial" });
test.use({ expectedErrors: [/status of (401|404|422|429)/] });

const password = "three grey boats sail";
let link = "";

test("the first administrator is made without scripts", async ({ page, installation }) => {
  link = new URL((await installation.command("set-up-link")).match(/http\S+/)![0]).pathname;
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Set up Customhouse");
  await page.getByLabel("Account name").fill("admin-1");
  await page.getByLabel("Password", { exact: true }).fill("password1234");
  await page.getByLabel("Password again").fill("password1234");
  await page.getByRole("button", { name: "Make administrator" }).click();
  await expect(page.getByRole("alert")).toContainText("is guessed soon");
  await expect(page.getByLabel("Account name")).toHaveValue("admin-1");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Password again").fill(password);
  await page.getByRole("button", { name: "Make administrator" }).click();
  await expect(page).toHaveURL("/");
  await page.goto("/settings/password");
  await expect(page.getByRole("button", { name: "Change password" })).toBeVisible();

  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Link not valid");
});

test("one signs in without scripts", async ({ page }) => {
  await page.goto("/settings/password");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel("Account name").fill("admin-1");
  await page.getByLabel("Password", { exact: true }).fill("something else");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("do not fit");
  await expect(page.getByLabel("Account name")).toHaveValue("admin-1");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL("/settings/password");
  await page.getByLabel("Present password").fill(password);
  await page.getByLabel("Password", { exact: true }).fill("seven loud clocks fall");
  await page.getByLabel("Password again").fill("seven loud clocks fall");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The password was changed.")).toBeVisible();
});

test("too many tries are told in words", async ({ page }) => {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await page.goto("/sign-in");
    await page.getByLabel("Account name").fill("nobody");
    await page.getByLabel("Password", { exact: true }).fill("something else");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  }
  await expect(page.getByRole("alert")).toContainText("There were too many tries.");
  await expect(page.getByRole("alert")).toContainText("5 minutes");
});

test.describe("with scripts", () => {
  test.use({ javaScriptEnabled: true });

  test("pages with passwords are accessible", async ({ page, installation }) => {
    const fresh = (await installation.command("set-up-link")).match(/http\S+/)![0];
    for (const path of ["/sign-in", new URL(fresh).pathname, link]) {
      await page.goto(path);
      await expectAccessible(page);
    }
  });
});
