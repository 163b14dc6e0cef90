"""Judges answers for the fuzzing program: a batch a line, JSON in and JSON out.

In: a list of answers with the service and the operation that were asked, head, status, headers and
body in hexadecimal. Out: a list of [index, problem] for those that `strict` refuses.
"""

import json
import sys

import strict
from strict import header


def service_of(answer):
    """Whose answer it is: the service that was asked, unless a spoiled signature named another."""
    kind = answer["headers"].get("content-type", "").split(";")[0]
    if kind == header.CONTENT_TYPES["query"]:
        return "iam" if b"iam.amazonaws.com" in bytes.fromhex(answer["body"]) else "sts"
    asked = answer["service"]
    protocol = strict.service_model(asked).metadata["protocol"]
    if protocol == "rest-xml" or kind == header.CONTENT_TYPES[protocol]:
        return asked
    return "rekognition" if kind == header.CONTENT_TYPES["json"] else "s3"


def judge(answer):
    service = service_of(answer)
    operation = answer["operation"]
    if service == "s3" and operation not in strict.service_model("s3").operation_names:
        operation = "HeadBucket" if answer["head"] else None
    body = bytes.fromhex(answer["body"])
    return strict.check(service, operation, answer["status"], answer["headers"], body)


def main():
    for line in sys.stdin:
        problems = []
        for index, answer in enumerate(json.loads(line)):
            found = judge(answer)
            if found:
                problems.append([index, "; ".join(found)])
        print(json.dumps(problems), flush=True)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        # The fuzzing program has its finding and is gone.
        sys.stderr.close()
