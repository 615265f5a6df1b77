"""Deploys template.yaml, as it is, to an AWS emulator that already runs, and prints where it answers.

    deploy.py ENDPOINT TEMPLATE ARCHIVES TELEGRAM

ARCHIVES is the folder that the function archives were built into. As `sam package` does, the archives
go to a bucket and their places into the template; nothing else in it is touched. TELEGRAM is where
Telegram's Bot API is. Prints one line of JSON: {"http": URL, "socket": URL, "secret": ARN}.
"""

import json
import pathlib
import re
import sys

import boto3

STACK = "chatdesk"
BUCKET = "chatdesk-archives"
REGION = "us-east-1"


def main() -> None:
    endpoint, template, archives, telegram = sys.argv[1:]
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION
    )
    client = lambda service: session.client(service, endpoint_url=endpoint)  # noqa: E731
    s3 = client("s3")
    body = package(s3, pathlib.Path(template).read_text(), pathlib.Path(archives))
    # As `sam deploy` does: what is handed over by itself may have 51,200 bytes at most.
    s3.put_object(Bucket=BUCKET, Key="template.yaml", Body=body.encode())
    formation = client("cloudformation")
    values = {
        "Architecture": "x86_64",
        "ServiceEndpoint": endpoint,
        "ConnectionsEndpoint": f"{endpoint}/_aws/execute-api",
        "TelegramUrl": telegram,
    }
    formation.create_stack(
        StackName=STACK,
        TemplateURL=f"{endpoint}/{BUCKET}/template.yaml",
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in values.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    waiter = formation.get_waiter("stack_create_complete")
    try:
        waiter.wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    except Exception:
        for event in formation.describe_stack_events(StackName=STACK)["StackEvents"]:
            if "FAILED" in event["ResourceStatus"]:
                print(event["LogicalResourceId"], event.get("ResourceStatusReason"), file=sys.stderr)
        raise
    stack = formation.describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    apis = {
        name: formation.describe_stack_resource(StackName=STACK, LogicalResourceId=name)[
            "StackResourceDetail"
        ]["PhysicalResourceId"]
        for name in ("HttpApi", "SocketApi")
    }
    for name in ("GraphqlUrl", "SocketUrl", "IdentitySecretArn", "WorkerFunctionName"):
        assert outputs.get(name), f"the output {name} is missing"
    # The outputs name hosts that only a resolver of the emulator's own knows: its paths do as well.
    base = f"{endpoint}/_aws/execute-api"
    print(
        json.dumps(
            {
                "http": f"{base}/{apis['HttpApi']}",
                "socket": f"{base.replace('http', 'ws', 1)}/{apis['SocketApi']}/live",
                "secret": outputs["IdentitySecretArn"],
            }
        )
    )


def package(s3, template: str, archives: pathlib.Path) -> str:
    s3.create_bucket(Bucket=BUCKET)

    def place(found: re.Match) -> str:
        name = found["name"]
        s3.put_object(
            Bucket=BUCKET,
            Key=f"{name}.zip",
            Body=(archives / name / "bootstrap.zip").read_bytes(),
        )
        return f"CodeUri: s3://{BUCKET}/{name}.zip"

    packaged, count = re.subn(
        r"CodeUri: target/lambda/(?P<name>[a-z]+)/bootstrap\.zip", place, template
    )
    assert count > 0, "the template names no archive"
    return packaged


if __name__ == "__main__":
    main()
