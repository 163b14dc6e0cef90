import { setTimeout } from "node:timers/promises";
import {
  CopyProjectVersionCommand,
  DescribeProjectVersionsCommand,
  RekognitionClient,
} from "@aws-sdk/client-rekognition";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";

const port = process.env.EMULATOR_PORT ?? "4599";
const emulator = { endpoint: `http://127.0.0.1:${port}`, region: "eu-west-1" };
const sts = new STSClient({
  ...emulator,
  credentials: {
    accessKeyId: "SAMPLERELEASE0000001",
    secretAccessKey: "sample-secret-of-the-release-manager-001",
  },
});
const { Credentials: session } = await sts.send(
  new AssumeRoleCommand({
    RoleArn: "arn:aws:iam::222222222222:role/promoter",
    RoleSessionName: "promotion-1",
    ExternalId: "sample-external-id",
  }),
);
const rekognition = new RekognitionClient({
  ...emulator,
  credentials: {
    accessKeyId: session.AccessKeyId,
    secretAccessKey: session.SecretAccessKey,
    sessionToken: session.SessionToken,
  },
});

const source = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector";
const destination = "arn:aws:rekognition:eu-west-1:222222222222:project/inspector/1656565223456";
const copy = await rekognition.send(
  new CopyProjectVersionCommand({
    SourceProjectArn: `${source}/1656565123456`,
    SourceProjectVersionArn: `${source}/version/v7/1656611123456`,
    DestinationProjectArn: destination,
    VersionName: "v7-javascript",
    OutputConfig: { S3Bucket: "vision-prod-models", S3KeyPrefix: "inspector/v7-javascript" },
  }),
);
console.log(copy.ProjectVersionArn);

let status = "COPYING_IN_PROGRESS";
while (status === "COPYING_IN_PROGRESS") {
  await setTimeout(1000);
  const { ProjectVersionDescriptions: versions } = await rekognition.send(
    new DescribeProjectVersionsCommand({ ProjectArn: destination, VersionNames: ["v7-javascript"] }),
  );
  status = versions[0].Status;
  console.log(status);
}
