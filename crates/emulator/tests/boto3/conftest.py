"""One emulator for all tests, put back to its start before each."""

import emulated
import pytest


@pytest.fixture(scope="session")
def running():
    process, aws = emulated.start()
    yield aws
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def aws(running):
    """The demo's world as it starts, without the limit of calls per second."""
    running.control("reset", {})
    running.control("world", {"quota_tps": 0})
    return running
