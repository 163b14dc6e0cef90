// The script that the emulator's README shows, run as a newcomer runs it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Aws } from "./emulated.js";

const EXAMPLES = new URL("../../examples/", import.meta.url);

test("the script promotes the model", async () => {
  const aws = await Aws.start("crates/emulator/examples/world.toml");
  try {
    const script = await readFile(new URL("promote.mjs", EXAMPLES), "utf8");
    // From standard input its imports are looked up here, where the packages are.
    const node = spawn(process.execPath, ["--input-type=module"], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      env: { ...process.env, EMULATOR_PORT: new URL(aws.url).port },
      stdio: ["pipe", "pipe", "inherit"],
    });
    node.stdin.end(script);
    const [output, [code]] = await Promise.all([text(node.stdout), once(node, "exit")]);
    assert.equal(code, 0);
    assert.equal(output.trimEnd().split("\n").at(-1), "COPYING_COMPLETED");
  } finally {
    await aws.stop();
  }
});
