"""Compares the roles in the template with what the functions can call.

    roles.py [CALLS]

Each function's role has to allow exactly what infra/reach.py finds in its code, on exactly these tables and
indexes, and what only the template shows: who reads the secret, who writes logs and traces, and what reading
a stream or a queue takes. The key of the credentials says itself who uses it, and its policy is compared, too: each use
is of one channel. CALLS is a directory with what runs of `local --calls` wrote, as the tests do: the calls of a run by
function and resource. These have to be among what was found, or the finding is wrong.
"""

import json
import pathlib
import re
import sys

from cfnlint.decode import decode

from reach import reach

ROOT = pathlib.Path(__file__).parent.parent
TABLES = {"CoreTable": "core", "LiveTable": "live", "SearchTable": "search"}
# Tables that were restored, before their names.
OTHERS = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"

# What it takes to put there what a function did not get done.
DESTINATIONS = {
    "SQS": lambda name: {("sqs:SendMessage", name)},
    "S3": lambda name: {("s3:ListBucket", name), ("s3:PutObject", f"{name}/*")},
}

# What reading a queue takes.
RECEIVING = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
# Under which each use of the key stands: both of the context are there, and nothing beside them.
KEY = "CredentialsKey"
OF_ONE_CHANNEL = {
    "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["tenant", "channel"]},
    "Null": {"kms:EncryptionContext:tenant": "false", "kms:EncryptionContext:channel": "false"},
}
# Who may administer the key.
ADMINISTERED_BY = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}

Allowed = set[tuple[str, str]]


def main() -> int:
    reached = reach()
    called = calls(pathlib.Path(sys.argv[1])) if len(sys.argv) > 1 else {}
    template, faults = decode(str(ROOT / "template.yaml"))
    assert not faults, faults
    resources = template["Resources"]
    functions = {
        name.removesuffix("Function").lower(): name
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    assert reached.keys() == functions.keys(), f"{sorted(reached)} are known"
    assert not called or called.keys() == functions.keys(), f"{sorted(called)} were called"
    wrong = 0
    uses = key_uses(resources[KEY]["Properties"]["KeyPolicy"])
    for function, name in sorted(functions.items()):
        role = resources[name]["Properties"]["Role"]["Fn::GetAtt"][0]
        allowed = statements(resources[role]["Properties"]) | uses.pop(role, set())
        needed = beside(function, name.removesuffix("Function"), resources[name]["Properties"])
        needed |= reached[function]
        seen = {(action, on) for on, actions in called.get(function, {}).items() for action in actions}
        for what, difference in (
            ("lacks", needed - allowed),
            ("does not need", allowed - needed),
            ("was seen to use, and infra/reach.py does not find,", seen - needed),
        ):
            for action, resource in sorted(difference):
                print(f"{role} {what} {action} on {resource}")
                wrong += 1
    assert not uses, f"{sorted(uses)} use the key, and are no function's"
    print(f"{len(functions)} roles, {wrong} differences")
    return min(wrong, 1)


def calls(directory: pathlib.Path) -> dict[str, dict[str, set[str]]]:
    """The calls of all runs together."""
    together: dict[str, dict[str, set[str]]] = {}
    for run in directory.glob("*.json"):
        for function, resources in json.loads(run.read_text()).items():
            of_function = together.setdefault(function, {})
            for resource, actions in resources.items():
                of_function.setdefault(resource, set()).update(actions)
    assert together, f"there are no calls in {directory}"
    return together


def beside(function: str, prefix: str, properties: dict) -> Allowed:
    """What a function needs that is not in its calls."""
    needed = {(f"logs:{action}", f"{prefix}Log") for action in ("CreateLogStream", "PutLogEvents")}
    needed |= {(f"xray:{action}", "*") for action in ("PutTraceSegments", "PutTelemetryRecords")}
    source = (ROOT / "functions" / "src" / "bin" / f"{function}.rs").read_text()
    if "with_people_from_environment" in source:
        needed.add(("secretsmanager:GetSecretValue", "IdentitySecret"))
    if "EventInvokeConfig" in properties:
        place = properties["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        name, attribute = place["Destination"]["Fn::GetAtt"]
        assert attribute == "Arn" and name.startswith(prefix), f"{name} is not of {function}"
        needed |= DESTINATIONS[place["Type"]](name)
    for event in properties.get("Events", {}).values():
        if event["Type"] == "DynamoDB":
            reads = ("DescribeStream", "GetRecords", "GetShardIterator")
            needed |= {(f"dynamodb:{action}", "core/stream") for action in reads}
            needed.add(("dynamodb:ListStreams", "core/stream/*"))
            place = event["Properties"]["DestinationConfig"]["OnFailure"]
            name, attribute = place["Destination"]["Fn::GetAtt"]
            assert attribute == "Arn" and name.startswith(prefix), f"{name} is not of {function}"
            needed |= DESTINATIONS[place["Type"]](name)
        if event["Type"] == "SQS":
            name, attribute = event["Properties"]["Queue"]["Fn::GetAtt"]
            assert attribute == "Arn" and name.startswith(prefix), f"{name} is not of {function}"
            needed |= {(action, name) for action in RECEIVING}
    return needed


def key_uses(policy: dict) -> dict[str, Allowed]:
    """What the policy of the key allows each role. Whoever administers it may not use it."""
    uses: dict[str, Allowed] = {}
    for statement in policy["Statement"]:
        assert statement["Effect"] == "Allow" and statement["Resource"] == "*"
        who, actions = listed(statement["Principal"]["AWS"]), listed(statement["Action"])
        assert not any("*" in action for action in actions), f"{actions} have a wildcard"
        if who == [ADMINISTERED_BY]:
            using = [each for each in actions if re.search(r"crypt|Grant|Generate|Sign|Mac|Secret", each)]
            assert not using, f"{using} are no administration"
            continue
        assert statement["Condition"] == OF_ONE_CHANNEL, f"{actions} are not for one channel"
        for each in who:
            role, attribute = each["Fn::GetAtt"]
            assert attribute == "Arn", f"{each} is no role"
            uses.setdefault(role, set()).update((action, KEY) for action in actions)
    return uses


def statements(role: dict) -> Allowed:
    allowed = set()
    assert "ManagedPolicyArns" not in role, "what AWS manages is more than is needed"
    for policy in role["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            # Some only under a condition: then too it may not be more than is needed.
            statement = statement["Fn::If"][1] if "Fn::If" in statement else statement
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
    if "Fn::If" in resource:
        # The stack's own table, or the restored one in its place.
        condition, own, other = resource["Fn::If"]
        assert named(own) == named(other), f"{condition} is of two: {named(own)}, {named(other)}"
        return named(own)
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        table = TABLES.get(name, name)
        return f"{table}/stream" if attribute == "StreamArn" else table
    text = resource["Fn::Sub"]
    if text.endswith("@connections/*"):
        return "connections"
    text = text.removeprefix(OTHERS).replace("/stream/${CoreStreamLabel}", "/stream")
    name, rest = re.fullmatch(r"\$\{(\w+)(?:\.Arn|Name)}(.*)", text).groups()
    return TABLES.get(name, name) + rest


def listed(value: object) -> list:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    sys.exit(main())
