"""The AWS CLI as people run it, against the emulator that the boto3 tests start."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "boto3"))

import json
import os
import subprocess

import pytest
from emulated import HOME, REGION, start


class Cli:
    """One shell: its credentials and the endpoint."""

    def __init__(self, url, folder, credentials):
        self._url = url
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_CONFIG_FILE": str(folder / "config"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_DEFAULT_REGION": REGION,
            "NO_PROXY": "127.0.0.1",
            **{name.upper(): value for name, value in credentials.items()},
        }
        self._folder = folder

    def become(self, credentials):
        """Another shell with the credentials that `assume-role` printed."""
        return Cli(
            self._url,
            self._folder,
            {
                "aws_access_key_id": credentials["AccessKeyId"],
                "aws_secret_access_key": credentials["SecretAccessKey"],
                "aws_session_token": credentials["SessionToken"],
            },
        )

    def run(self, service, command, *arguments, **parameters):
        """Exit code, output and error output of `aws SERVICE COMMAND`."""
        options = []
        for name, value in parameters.items():
            text = value if isinstance(value, str) else json.dumps(value)
            options += [f"--{name.replace('_', '-')}", text]
        # The program stands beside the interpreter that runs the tests.
        program = pathlib.Path(sys.executable).with_name("aws")
        done = subprocess.run(
            [program, "--endpoint-url", self._url, "--output", "json"]
            + [service, command, *arguments, *options],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    def answer(self, service, command, *arguments, **parameters):
        """What the command printed, as JSON; a refusal fails the test."""
        code, output, error = self.run(service, command, *arguments, **parameters)
        assert code == 0, error
        return json.loads(output) if output.strip() else None

    def refusal(self, service, command, *arguments, **parameters):
        """The error's code in the message that the command printed."""
        code, _, error = self.run(service, command, *arguments, **parameters)
        assert code not in (0, 252), error
        return error.partition("(")[2].partition(")")[0]


@pytest.fixture(scope="session")
def running():
    process, aws = start()
    yield aws
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def aws(running):
    """The demo's world as it starts."""
    running.control("reset", {})
    return running


@pytest.fixture
def cli(aws, tmp_path):
    return Cli(aws.url, tmp_path, HOME)
