"""The scripts that the emulator's README shows, run as a newcomer runs them."""

import os
import pathlib
import subprocess
import sys

import emulated
import pytest

EXAMPLES = emulated.ROOT / "crates/emulator/examples"


@pytest.fixture(scope="module")
def sample():
    process, aws = emulated.start(EXAMPLES / "world.toml")
    yield aws
    process.terminate()
    process.wait(timeout=10)


@pytest.mark.parametrize(
    ("script", "program"), [("promote.sh", "bash"), ("promote.py", sys.executable)]
)
def test_a_script_promotes_the_model(sample, tmp_path, script, program):
    port = sample.url.rpartition(":")[2]
    # The AWS CLI stands beside the interpreter that runs the tests.
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [program, EXAMPLES / script],
        cwd=tmp_path,
        env={
            "PATH": path,
            "HOME": str(tmp_path),
            "NO_PROXY": "127.0.0.1",
            "EMULATOR_PORT": port,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "COPYING_COMPLETED"
