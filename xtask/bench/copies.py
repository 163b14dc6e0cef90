"""Makes copies and waits for each, as scripts do: threads|batched URL, the copies as JSON on standard input.

threads   one thread for each copy, which describes its version every 5 s
batched   one loop, which describes every project with open copies once in 2 s

Prints {"seen": {version: ms since 1970}, "cpu_ms": …} once all are done.
"""

import json
import sys
import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# Copies of one Region are begun at this pace: a little under AWS's quota of 5 a second.
PAUSE = 0.21
THROTTLED = "ProvisionedThroughputExceededException"
PENDING = "COPYING_IN_PROGRESS"


class Copies:
    def __init__(self, url, copies):
        regions = sorted({copy["region"] for copy in copies})
        self.clients = {region: self.client(url, region) for region in regions}
        self.copies = copies
        self.begun = []
        self.seen = {}

    @staticmethod
    def client(url, region):
        return boto3.client(
            "rekognition",
            endpoint_url=url,
            region_name=region,
            aws_access_key_id="CHEMULATORBENCH00002",
            aws_secret_access_key="customhouse-emulator-secret-0000000000001",
            # boto3's own retries, as they are unless told otherwise.
            config=Config(proxies={}, max_pool_connections=100),
        )

    def begin_all(self, then):
        """Begins all copies, each Region in a thread of its own, and calls `then` for each."""

        def begin(region):
            for copy in self.copies:
                if copy["region"] != region:
                    continue
                self.clients[region].copy_project_version(
                    SourceProjectArn=copy["source_project"],
                    SourceProjectVersionArn=copy["source_version"],
                    DestinationProjectArn=copy["destination_project"],
                    VersionName=copy["version_name"],
                    OutputConfig={"S3Bucket": copy["bucket"], "S3KeyPrefix": "copies/" + copy["version_name"]},
                )
                self.begun.append(copy)
                then(copy)
                time.sleep(PAUSE)

        threads = [threading.Thread(target=begin, args=(region,)) for region in self.clients]
        for thread in threads:
            thread.start()
        return threads

    def note(self, name, status):
        if status != PENDING:
            self.seen.setdefault(name, int(time.time() * 1000))

    def poll_in_threads(self):
        def wait(copy):
            name = copy["version_name"]
            while name not in self.seen:
                time.sleep(5)
                try:
                    answer = self.clients[copy["region"]].describe_project_versions(
                        ProjectArn=copy["destination_project"], VersionNames=[name]
                    )
                except ClientError as error:
                    if error.response["Error"]["Code"] != THROTTLED:
                        raise
                    continue
                for version in answer["ProjectVersionDescriptions"]:
                    self.note(name, version["Status"])

        waiting = []

        def start(copy):
            thread = threading.Thread(target=wait, args=(copy,))
            waiting.append(thread)
            thread.start()

        for thread in self.begin_all(start):
            thread.join()
        for thread in waiting:
            thread.join()

    def poll_batched(self):
        self.begin_all(lambda copy: None)
        while len(self.seen) < len(self.copies):
            started = time.time()
            open_ = {
                (copy["region"], copy["destination_project"])
                for copy in list(self.begun)
                if copy["version_name"] not in self.seen
            }
            for region, project in sorted(open_):
                pages = self.clients[region].get_paginator("describe_project_versions")
                for page in pages.paginate(ProjectArn=project):
                    for version in page["ProjectVersionDescriptions"]:
                        name = version["ProjectVersionArn"].split("/")[-2]
                        self.note(name, version["Status"])
            time.sleep(max(0, started + 2 - time.time()))


def main(kind, url):
    copies = Copies(url, json.load(sys.stdin))
    before = time.process_time()
    {"threads": copies.poll_in_threads, "batched": copies.poll_batched}[kind]()
    print(json.dumps({"seen": copies.seen, "cpu_ms": (time.process_time() - before) * 1000}))


main(*sys.argv[1:])
