import { defineConfig } from "@playwright/test";
import { chromium } from "./support/browser";

// Every worker starts its own emulator and console (support/installation.ts).
export default defineConfig({
  testDir: "tests",
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  // Bounds of waits, with room for a machine that is busy with something else.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  // Pages are looked at as they are, not on their way: a preference that changes while a page is
  // entered makes Chromium report the transition that it skips.
  use: {
    ...chromium,
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
  },
});
