"""Restores the tables of the deployed stack, as docs/operations.md says, and has the stack use them.

    restore.py ENDPOINT

Between the restoring and the stack's change something is written to the old table: it may not be there
afterwards. Prints the names of the restored tables as JSON.
"""

import json
import sys
import time

import boto3

from deploy import BUCKET, REGION, STACK

READY_SECONDS = 120
TABLES = ("Core", "Live", "Search")


def main() -> None:
    (endpoint,) = sys.argv[1:]
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    client = lambda service: session.client(service, endpoint_url=endpoint)  # noqa: E731
    formation, dynamo, functions = client("cloudformation"), client("dynamodb"), client("lambda")
    physical = lambda name: formation.describe_stack_resource(  # noqa: E731
        StackName=STACK, LogicalResourceId=name
    )["StackResourceDetail"]["PhysicalResourceId"]
    restored = {name: restore(dynamo, physical(f"{name}Table"), name == "Core") for name in TABLES}
    dynamo.put_item(TableName=physical("CoreTable"), Item={"pk": {"S": "late"}, "sk": {"S": "late"}})
    stream = dynamo.describe_table(TableName=restored["Core"])["Table"]
    change = {f"{name}TableName": table for name, table in restored.items()}
    change["CoreStreamLabel"] = stream["LatestStreamLabel"]
    refuses_half(formation, endpoint, change)
    update(formation, endpoint, change)
    for name, table in restored.items():
        for function in ("Graphql", "Inbound", "Socket", "Fanout", "Worker", "Presence", "Outbound"):
            settings = functions.get_function_configuration(FunctionName=physical(f"{function}Function"))
            used = settings["Environment"]["Variables"][f"{name.upper()}_TABLE"]
            assert used == table, f"{function} uses {used}"
    for function in ("Fanout", "Worker"):
        (source,) = functions.list_event_source_mappings(FunctionName=physical(f"{function}Function"))[
            "EventSourceMappings"
        ]
        assert source["EventSourceArn"] == stream["LatestStreamArn"], f"{function} reads {source}"
        assert source["State"] in ("Creating", "Enabling", "Enabled"), source["State"]
    late = {"pk": {"S": "late"}, "sk": {"S": "late"}}
    assert "Item" not in dynamo.get_item(TableName=restored["Core"], Key=late), "it is the old table"
    print(json.dumps(restored))


def restore(dynamo, table: str, has_stream: bool) -> str:
    """One table as it is now, under another name."""
    name = f"{table}-restored"
    dynamo.restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName=name, UseLatestRestorableTime=True
    )
    deadline = time.monotonic() + READY_SECONDS
    while dynamo.describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
        assert time.monotonic() < deadline, f"{name} is not there within {READY_SECONDS} s"
        time.sleep(0.5)
    # What a restored table does not have.
    if has_stream:
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        dynamo.update_table(TableName=name, StreamSpecification=stream)
    dynamo.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    dynamo.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    old, new = (dynamo.describe_table(TableName=each)["Table"] for each in (table, name))
    indexes = [{each["IndexName"] for each in one.get("GlobalSecondaryIndexes", [])} for one in (old, new)]
    assert indexes[0] == indexes[1], f"the indexes of {name} are {indexes[1]}"
    counts = [dynamo.scan(TableName=each, Select="COUNT")["Count"] for each in (table, name)]
    assert counts[1] > 0 or counts[0] == 0, f"{name} has {counts[1]} of {counts[0]} items"
    return name


def update(formation, endpoint: str, change: dict) -> None:
    before = formation.describe_stacks(StackName=STACK)["Stacks"][0]["Parameters"]
    kept = [
        {"ParameterKey": each["ParameterKey"], "UsePreviousValue": True}
        for each in before
        if each["ParameterKey"] not in change
    ]
    formation.update_stack(
        StackName=STACK,
        TemplateURL=f"{endpoint}/{BUCKET}/template.yaml",
        Parameters=[*kept, *({"ParameterKey": k, "ParameterValue": v} for k, v in change.items())],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    waiter = formation.get_waiter("stack_update_complete")
    try:
        waiter.wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": READY_SECONDS})
    except Exception:
        for event in formation.describe_stack_events(StackName=STACK)["StackEvents"]:
            if "FAILED" in event["ResourceStatus"]:
                print(event["LogicalResourceId"], event.get("ResourceStatusReason"), file=sys.stderr)
        raise


def refuses_half(formation, endpoint: str, change: dict) -> None:
    """A table without its stream, and production without anybody who is told, are refused."""
    half = {name: value for name, value in change.items() if name != "CoreStreamLabel"}
    for wrong, why in ((half, "CoreStreamLabel"), ({"Environment": "production"}, "AlarmTopic")):
        try:
            update(formation, endpoint, wrong)
        except formation.exceptions.ClientError as refused:
            assert why in str(refused), refused
        else:
            raise AssertionError(f"{wrong} is not refused")


if __name__ == "__main__":
    main()
