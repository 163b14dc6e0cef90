import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { expect, test } from "../support/test";

test.use({ person: "nobody" });

/** What Google's evaluator holds against a policy. */
function findings(policy: string) {
  return new CspEvaluator(new CspParser(policy).csp).evaluate();
}

test("an evaluator of policies finds nothing worse than a maybe about our own scripts", async ({
  request,
}) => {
  for (const path of ["/", "/sign-in", "/healthz", "/v1/openapi.json", "/nowhere"]) {
    const policy = (await request.get(path)).headers()["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'");
    const bad = findings(policy).filter(
      ({ severity, directive, value }) =>
        !(severity === Severity.MEDIUM_MAYBE && directive === "script-src" && value === "'self'"),
    );
    expect(bad, path).toEqual([]);
  }
});

test("the evaluator would notice a weaker policy", () => {
  for (const weak of [
    "default-src 'none'; script-src 'unsafe-inline'; base-uri 'none'",
    "default-src 'none'; script-src 'self' https:; base-uri 'none'",
    "script-src 'self'",
  ]) {
    expect(findings(weak).some(({ severity }) => severity <= Severity.MEDIUM)).toBe(true);
  }
});

test("a page may use nothing of the machine but the clipboard, to write", async ({ page }) => {
  const warnings: string[] = [];
  page.on("console", (message) => warnings.push(message.text()));
  await page.goto("/sign-in");
  const allowed: string[] = await page.evaluate(() =>
    (document as unknown as { featurePolicy: { allowedFeatures(): string[] } }).featurePolicy.allowedFeatures(),
  );
  expect(allowed).toContain("clipboard-write");
  for (const feature of [
    "camera",
    "clipboard-read",
    "display-capture",
    "fullscreen",
    "geolocation",
    "hid",
    "local-fonts",
    "microphone",
    "payment",
    "publickey-credentials-get",
    "serial",
    "storage-access",
    "usb",
  ]) {
    expect(allowed, feature).not.toContain(feature);
  }
  expect(warnings.filter((text) => text.includes("Permissions-Policy"))).toEqual([]);
});
