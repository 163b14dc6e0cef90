"""Makes equal calls one after the other: URL SERVICE OPERATION PARAMETERS COUNT."""

import json
import sys

import boto3
from botocore.config import Config


def main(url, service, operation, parameters, count):
    client = boto3.client(
        service,
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id="CHEMULATORBENCH00001",
        aws_secret_access_key="customhouse-emulator-secret-0000000000001",
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )
    call = getattr(client, operation)
    parameters = json.loads(parameters)
    for _ in range(int(count)):
        call(**parameters)


main(*sys.argv[1:])
