"""Compares the roles in the template with what the functions call.

    roles.py CALLS

CALLS is what `local --calls` wrote: a run's calls, by function and resource. Each function's role has to
allow exactly these, on exactly these tables and indexes. What no run can show is known here: who reads the
secret, who writes logs and traces, and what reading a stream takes.
"""

import json
import pathlib
import sys

from cfnlint.decode import decode

ROOT = pathlib.Path(__file__).parent.parent
TABLES = {"CoreTable": "core", "LiveTable": "live", "SearchTable": "search"}

# What a run does not come to, because it takes a network that breaks, half a minute of silence, or a command.
RARE = {
    "fanout": {
        ("dynamodb:DeleteItem", "live"): "a connection that is gone is forgotten",
        ("dynamodb:UpdateItem", "live"): "and leaves the lease of its employee",
    },
    "graphql": {("dynamodb:DeleteItem", "live"): "a connection that is gone when somebody types is forgotten"},
    "presence": {
        ("execute-api:ManageConnections", "connections"): "who is silent for long is asked",
        ("dynamodb:DeleteItem", "live"): "a connection that is gone then is forgotten",
        ("dynamodb:Query", "live"): "with its operations",
    },
    "worker": {("dynamodb:Scan", "core"): "rows of the search are made again"},
}

Allowed = set[tuple[str, str]]


def main() -> int:
    called = json.loads(pathlib.Path(sys.argv[1]).read_text())
    template, faults = decode(str(ROOT / "template.yaml"))
    assert not faults, faults
    resources = template["Resources"]
    functions = {
        name.removesuffix("Function").lower(): name
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    assert called.keys() == functions.keys(), f"{sorted(called)} were called"
    wrong = 0
    for function, name in sorted(functions.items()):
        role = resources[name]["Properties"]["Role"]["Fn::GetAtt"][0]
        allowed = statements(resources[role]["Properties"])
        needed = beside(function, name.removesuffix("Function"), resources[name]["Properties"])
        for resource, actions in called[function].items():
            needed |= {(action, resource) for action in actions}
        for what, difference in (("lacks", needed - allowed), ("does not need", allowed - needed)):
            for action, resource in sorted(difference):
                print(f"{role} {what} {action} on {resource}")
                wrong += 1
    print(f"{len(functions)} roles, {wrong} differences")
    return min(wrong, 1)


def beside(function: str, prefix: str, properties: dict) -> Allowed:
    """What a function needs that is not seen in its calls."""
    needed = {(f"logs:{action}", f"{prefix}Log") for action in ("CreateLogStream", "PutLogEvents")}
    needed |= {(f"xray:{action}", "*") for action in ("PutTraceSegments", "PutTelemetryRecords")}
    source = (ROOT / "functions" / "src" / "bin" / f"{function}.rs").read_text()
    if "with_people_from_environment" in source:
        needed.add(("secretsmanager:GetSecretValue", "IdentitySecret"))
    # Every function opens its connection to DynamoDB when it starts.
    needed.add(("dynamodb:GetItem", "live"))
    needed |= RARE.get(function, {}).keys()
    for event in properties.get("Events", {}).values():
        if event["Type"] == "DynamoDB":
            reads = ("DescribeStream", "GetRecords", "GetShardIterator")
            needed |= {(f"dynamodb:{action}", "core/stream") for action in reads}
            needed.add(("dynamodb:ListStreams", "core/stream/*"))
            needed.add(("sqs:SendMessage", f"{prefix}DeadLetters"))
    return needed


def statements(role: dict) -> Allowed:
    allowed = set()
    assert "ManagedPolicyArns" not in role, "what AWS manages is more than is needed"
    for policy in role["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for action in listed(statement["Action"]):
                assert "*" not in action, f"{action} is a wildcard"
                allowed |= {(action, named(one)) for one in listed(statement["Resource"])}
    return allowed


def named(resource: object) -> str:
    """A resource as the calls name it."""
    if resource == "*":
        return "*"
    if "Ref" in resource:
        return resource["Ref"]
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        table = TABLES.get(name, name)
        return f"{table}/stream" if attribute == "StreamArn" else table
    text = resource["Fn::Sub"]
    if text.endswith("@connections/*"):
        return "connections"
    name, _, rest = text.removeprefix("${").partition(".Arn}")
    return TABLES[name] + rest


def listed(value: object) -> list:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    sys.exit(main())
