// A running emulator with the demo's world, and AWS's own clients for it.

import { RekognitionClient } from "@aws-sdk/client-rekognition";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const REGION = "eu-west-1";
export const DEV = "111111111111";
export const PROD = "333333333333";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const EXTERNAL_IDS = {
  [DEV]: "ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e",
  [PROD]: "ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92",
};
export const HOME = {
  accessKeyId: "CHEMULATORDEV0000001",
  secretAccessKey: "customhouse-emulator-secret-0000000000001",
};

export class Aws {
  #process;

  /** Starts the emulator on a free port. */
  static async start(world = "xtask/demo/world.toml") {
    const binary = process.env.AWS_EMULATOR_BIN ?? "target/debug/aws-emulator";
    const child = spawn(ROOT + binary, ["--listen", "127.0.0.1:0", "--world", world], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const aws = new Aws();
    aws.#process = child;
    aws.url = line.replace("listening on ", "");
    return aws;
  }

  async stop() {
    this.#process.kill();
    await once(this.#process, "exit");
  }

  #options(credentials) {
    return { endpoint: this.url, region: REGION, credentials, maxAttempts: 1 };
  }

  sts(credentials = HOME) {
    return new STSClient(this.#options(credentials));
  }

  /** Becomes one of the demo's roles; `changes` replace parameters. */
  async assume(account, role, changes = {}) {
    const answer = await this.sts().send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${account}:role/customhouse-${role}`,
        RoleSessionName: "javascript",
        ExternalId: EXTERNAL_IDS[account],
        ...changes,
      }),
    );
    return {
      accessKeyId: answer.Credentials.AccessKeyId,
      secretAccessKey: answer.Credentials.SecretAccessKey,
      sessionToken: answer.Credentials.SessionToken,
      expiration: answer.Credentials.Expiration,
    };
  }

  async rekognition(account, role) {
    return new RekognitionClient(this.#options(await this.assume(account, role)));
  }

  rekognitionWith(credentials) {
    return new RekognitionClient(this.#options(credentials));
  }

  /** Posts to the control API. */
  async control(name, body) {
    const answer = await fetch(`${this.url}/_emulator/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
