"""A running emulator: clients whose every answer is judged, its control API, and its names."""

import json
import os
import pathlib
import subprocess
import urllib.request

import boto3
import strict
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[4]
REGION = "eu-west-1"
DEV, STAGING, PROD = "111111111111", "222222222222", "333333333333"
EXTERNAL_IDS = {
    DEV: "ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e",
    STAGING: "ch-2e7b9c4f1d6a48308b5f6e7d8c9b0a1f",
    PROD: "ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92",
}
HOME = {
    "aws_access_key_id": "CHEMULATORDEV0000001",
    "aws_secret_access_key": "customhouse-emulator-secret-0000000000001",
}


def _judge(service):
    """A handler that fails the test when an answer is not what the service's model says."""

    def judge(response_dict, event_name, **_):
        # A connection that broke has no answer to judge.
        if response_dict is None:
            return
        operation = event_name.rpartition(".")[2]
        status, body = response_dict["status_code"], response_dict["body"]
        streamed = not isinstance(body, bytes)
        problems = strict.check(
            service, operation, status, response_dict["headers"], b"" if streamed else body
        )
        assert not problems, (operation, status, problems, body)

    return judge


class Aws:
    """A running emulator."""

    def __init__(self, url):
        self.url = url
        self._users = 0
        self._direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def client(self, service, credentials=HOME, region=REGION, validated=True):
        """A client of a service, whose every answer is checked against the model.

        Without `validated` boto3 sends parameters as they are given.
        """
        client = boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            config=Config(
                retries={"total_max_attempts": 1, "mode": "standard"},
                proxies={},
                parameter_validation=validated,
                s3={"addressing_style": "path"},
            ),
            **credentials,
        )
        client.meta.events.register("response-received", _judge(service))
        return client

    def assume(self, account, role, **changes):
        """Becomes one of the demo's roles; `changes` replace or, with None, drop parameters."""
        request = {
            "RoleArn": f"arn:aws:iam::{account}:role/customhouse-{role}",
            "RoleSessionName": "boto3",
            "ExternalId": EXTERNAL_IDS[account],
        } | changes
        request = {name: value for name, value in request.items() if value is not None}
        given = self.client("sts").assume_role(**request)["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }

    def rekognition(self, account, role, region=REGION):
        return self.client("rekognition", self.assume(account, role), region)

    def control(self, name, body=None):
        """Reads from the control API or, with a body, posts to it."""
        request = urllib.request.Request(f"{self.url}/_emulator/{name}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with self._direct.open(request, timeout=10) as answer:
            return json.load(answer)

    def add_user(self, account, actions):
        """A user of `account` who may do `actions` on everything, by its credentials."""
        self._users += 1
        credentials = {
            "aws_access_key_id": f"CHEMULATORUSER{self._users:06}",
            "aws_secret_access_key": "customhouse-emulator-secret-0000000000002",
        }
        policy = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}],
        }
        user = {
            "name": f"user-{self._users}",
            "access_key_id": credentials["aws_access_key_id"],
            "secret_access_key": credentials["aws_secret_access_key"],
            "policy": json.dumps(policy),
        }
        self.control("world", {"account": [{"id": account, "user": [user]}]})
        return credentials

    def project(self, account, name):
        return self._arns(account, f"project/{name}/", lambda project: [project])

    def version(self, account, project, name):
        start = f"project/{project}/version/{name}/"
        return self._arns(account, start, lambda project: project["versions"])

    def _arns(self, account, start, pick):
        prefix = f"arn:aws:rekognition:{REGION}:{account}:{start}"
        for one in self.control("state")["accounts"]:
            for project in one["projects"]:
                for found in pick(project):
                    if found["arn"].startswith(prefix):
                        return found["arn"]
        raise LookupError(prefix)


def start(world=ROOT / "xtask/demo/world.toml"):
    """Starts the emulator on a free port; gives the process and its `Aws`."""
    binary = os.environ.get("AWS_EMULATOR_BIN", "target/debug/aws-emulator")
    process = subprocess.Popen(
        [ROOT / binary, "--listen", "127.0.0.1:0", "--world", world],
        stdout=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    assert line.startswith("listening on http://127.0.0.1:"), line
    return process, Aws(line.removeprefix("listening on ").strip())
