import { defineConfig } from "@playwright/test";
import { chromium } from "./support/browser";

// Every worker starts its own emulator and console (support/installation.ts).
export default defineConfig({
  testDir: "tests",
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: { ...chromium, trace: "retain-on-failure" },
});
