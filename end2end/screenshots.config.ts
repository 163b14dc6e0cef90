import { defineConfig } from "@playwright/test";
import { chromium } from "./support/browser";

// One worker: the pictures show one installation, in the order of the files.
export default defineConfig({
  testDir: "screenshots",
  outputDir: "../target/screenshots/.playwright",
  workers: 1,
  timeout: 120_000,
  reporter: "list",
  use: chromium,
});
