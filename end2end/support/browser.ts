import type { PlaywrightTestConfig } from "@playwright/test";

/** Debian's Chromium, as it runs in a container as root, talking to nobody but the console. */
export const chromium: PlaywrightTestConfig["use"] = {
  browserName: "chromium",
  launchOptions: {
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
  locale: "en-GB",
  timezoneId: "UTC",
};
