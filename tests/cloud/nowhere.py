"""Checks that a secret stands in no item of a table and in no line of a log, neither as it is nor encoded.

    nowhere.py ENDPOINT LOG SECRET

LOG is the emulator's own log, which has what functions write where it does not belong to them.
"""

import base64
import pathlib
import sys

import boto3

from deploy import REGION


def main() -> None:
    endpoint, log, secret = sys.argv[1:]
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    client = lambda service: session.client(service, endpoint_url=endpoint)  # noqa: E731
    places = [*items(client("dynamodb")), *lines(client("logs"))]
    places += [("the emulator's log", line) for line in pathlib.Path(log).read_text().splitlines()]
    # Where nothing was looked at, nothing is found.
    for needed in ("the table", "/outbound", "/graphql"):
        assert any(needed in place for place, _ in places), f"nothing of {needed} was looked at"
    assert any("a channel's path" in place for place, _ in places), "the channel is in no table"
    searched = forms(secret)
    found = {place for place, text in places if any(form in text for form in searched)}
    assert not found, f"the secret stands in {sorted(found)}"
    print(f"the token stands in none of {len(places)} items and lines")


def items(dynamo):
    for name in dynamo.list_tables()["TableNames"]:
        for page in dynamo.get_paginator("scan").paginate(TableName=name):
            for item in page["Items"]:
                kind = ", a channel's path" if item["pk"].get("S", "").startswith("W#") else ""
                yield from ((f"the table {name}{kind}", text) for text in texts(item))


def texts(value: object):
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    else:
        yield value.decode("latin-1") if isinstance(value, bytes) else str(value)


def lines(logs):
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                yield from ((name, event["message"]) for event in events["events"])


def forms(secret: str) -> list[str]:
    """The secret as it is, its secret part, and what both are in BASE64, wherever in a longer text they begin."""
    found = [secret, secret.split(":")[-1]]
    for text in tuple(found):
        for shift, first in enumerate((0, 2, 3)):
            # The ends mix with what stands beside them.
            encoded = base64.b64encode(b"-" * shift + text.encode()).decode()[first:-4]
            found += [encoded, encoded.translate(str.maketrans("+/", "-_"))]
    return found


if __name__ == "__main__":
    main()
