// One promotion from dev to prod, the way a script would write it with AWS's JavaScript SDK.

import {
  CopyProjectVersionCommand,
  DeleteProjectPolicyCommand,
  DescribeProjectVersionsCommand,
  DescribeProjectsCommand,
  ListProjectPoliciesCommand,
  ListTagsForResourceCommand,
  PutProjectPolicyCommand,
  ResourceInUseException,
  paginateDescribeProjectVersions,
  waitUntilProjectVersionTrainingCompleted,
} from "@aws-sdk/client-rekognition";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { Aws, DEV, HOME, PROD } from "./emulated.js";

const PROMOTER = `arn:aws:iam::${PROD}:role/customhouse-promoter`;
let aws;

before(async () => {
  aws = await Aws.start();
});
beforeEach(() => aws.control("reset", {}));
after(() => aws.stop());

async function project(client, name) {
  const answer = await client.send(new DescribeProjectsCommand({ ProjectNames: [name] }));
  assert.equal(answer.ProjectDescriptions.length, 1);
  return answer.ProjectDescriptions[0].ProjectArn;
}

async function version(client, projectArn, name) {
  const request = { ProjectArn: projectArn, VersionNames: [name] };
  const answer = await client.send(new DescribeProjectVersionsCommand(request));
  assert.equal(answer.ProjectVersionDescriptions.length, 1);
  return answer.ProjectVersionDescriptions[0];
}

function grant(resource) {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Grant",
        Effect: "Allow",
        Principal: { AWS: PROMOTER },
        Action: "rekognition:CopyProjectVersion",
        Resource: resource,
      },
    ],
  });
}

test("a whole promotion", async () => {
  const dev = await aws.rekognition(DEV, "promoter");
  const reader = await aws.rekognition(PROD, "reader");
  const credentials = await aws.assume(PROD, "promoter");
  assert.ok(credentials.expiration > new Date());
  const prod = aws.rekognitionWith(credentials);
  const identity = await aws.sts(credentials).send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Account, PROD);
  assert.match(identity.Arn, /:assumed-role\/customhouse-promoter\/javascript$/);

  const from = await project(dev, "inspector");
  const to = await project(reader, "inspector");
  const source = await version(await aws.rekognition(DEV, "reader"), from, "v7");
  assert.equal(source.EvaluationResult.F1Score, 0.931);
  assert.ok(source.CreationTimestamp instanceof Date);

  const copy = new CopyProjectVersionCommand({
    SourceProjectArn: from,
    SourceProjectVersionArn: source.ProjectVersionArn,
    DestinationProjectArn: to,
    VersionName: "v7",
    OutputConfig: { S3Bucket: "vision-prod-models", S3KeyPrefix: "inspector/p1/" },
    Tags: { team: "vision" },
  });
  await assert.rejects(prod.send(copy), { name: "AccessDeniedException" });

  const put = await dev.send(
    new PutProjectPolicyCommand({
      ProjectArn: from,
      PolicyName: "grant",
      PolicyDocument: grant(source.ProjectVersionArn),
    }),
  );
  const { ProjectVersionArn: arn } = await prod.send(copy);
  await assert.rejects(prod.send(copy), ResourceInUseException);
  const copying = await version(reader, to, "v7");
  assert.equal(copying.ProjectVersionArn, arn);
  assert.equal(copying.Status, "COPYING_IN_PROGRESS");
  assert.equal(copying.SourceProjectVersionArn, source.ProjectVersionArn);
  await aws.control("advance", { seconds: 9 });
  assert.equal((await version(reader, to, "v7")).Status, "COPYING_COMPLETED");
  const { Tags: tags } = await reader.send(new ListTagsForResourceCommand({ ResourceArn: arn }));
  assert.deepEqual({ ...tags }, { team: "vision" });

  const policies = () => dev.send(new ListProjectPoliciesCommand({ ProjectArn: from }));
  const [policy] = (await policies()).ProjectPolicies;
  assert.equal(policy.PolicyDocument, grant(source.ProjectVersionArn));
  await dev.send(
    new DeleteProjectPolicyCommand({
      ProjectArn: from,
      PolicyName: "grant",
      PolicyRevisionId: put.PolicyRevisionId,
    }),
  );
  assert.deepEqual((await policies()).ProjectPolicies, []);
});

test("the paginator and the waiter read what they need", async () => {
  await aws.control("world", { quota_tps: 0 });
  const client = await aws.rekognition(DEV, "reader");
  const arn = await project(client, "inspector");
  const names = [];
  for await (const page of paginateDescribeProjectVersions(
    { client, pageSize: 2 },
    { ProjectArn: arn },
  )) {
    names.push(page.ProjectVersionDescriptions.map((one) => one.ProjectVersionArn.split("/")[3]));
  }
  assert.deepEqual(names, [["v8", "v7"], ["v6", "v5"], ["v4"]]);
  const waited = await waitUntilProjectVersionTrainingCompleted(
    { client, maxWaitTime: 300 },
    { ProjectArn: arn, VersionNames: ["v7"] },
  );
  assert.equal(waited.state, "SUCCESS");
});

test("refusals carry the names and statuses that scripts look at", async () => {
  await assert.rejects(aws.assume(PROD, "promoter", { ExternalId: "another" }), (error) => {
    assert.equal(error.name, "AccessDenied");
    assert.equal(error.$metadata.httpStatusCode, 403);
    assert.ok(error.$metadata.requestId);
    return true;
  });
  const wrong = { ...HOME, secretAccessKey: "another-secret-of-sufficient-length-00000" };
  await assert.rejects(aws.sts(wrong).send(new GetCallerIdentityCommand({})), {
    name: "SignatureDoesNotMatch",
  });
  const describe = new DescribeProjectsCommand({});
  await assert.rejects(aws.rekognitionWith(wrong).send(describe), {
    name: "InvalidSignatureException",
  });
  const session = await aws.assume(DEV, "reader");
  await aws.control("advance", { seconds: 3601 });
  await assert.rejects(aws.rekognitionWith(session).send(describe), {
    name: "ExpiredTokenException",
  });
});

test("a lost answer shows as an error and not as a success", async () => {
  const client = await aws.rekognition(DEV, "reader");
  for (const kind of ["reset_before", "reset_after", "garbage_body"]) {
    await aws.control("faults", { rules: [{ effect: { kind } }] });
    await assert.rejects(client.send(new DescribeProjectsCommand({})), undefined, kind);
  }
});
