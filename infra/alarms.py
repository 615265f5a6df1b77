"""Finds for each count that means harm the alarm that it sets off.

    alarms.py

Faults are answered with 200, so nothing but what the functions count themselves tells of them. Every metric that
the code counts stands here, as harm or as harmless; of harm, each function that counts it has an alarm in
template.yaml of this namespace, name and dimension, which fires when it is counted as often as is said here. What
is counted and does not stand here is an error, and so is what stands here and is not counted any more. Each place
for what was given up has an alarm, too, and so have each queue for what waits too long in it, and each table and index
for what it throttles.
"""

import pathlib
import re
import sys
from typing import NamedTuple

from cfnlint.decode import decode

from reach import lines_of

ROOT = pathlib.Path(__file__).parent.parent
SOURCES = [ROOT / "functions" / "src", *(ROOT / "schema").glob("*/src")]
ALL = ("graphql", "inbound", "socket", "fanout", "worker", "presence", "outbound", "attachments")
# Who reads the secret.
SIGNED_IN = ("graphql", "inbound", "socket")
# Who posts what is lost when it is not taken. What graphql tells of those who type is told again soon, and
# whom presence asks in vain it asks again in a minute.
POSTING = ("fanout", "socket")


class Harm(NamedTuple):
    """By whom something is counted, and how often in five minutes is too often."""

    functions: tuple[str, ...]
    count: int


HARM = {
    "Faults": Harm(ALL, 6),
    "Panics": Harm(ALL, 1),
    "RefusedPosts": Harm(POSTING, 11),
    # A telephone in a tunnel is none; a gateway that does not answer is hundreds.
    "PostsTimedOut": Harm(POSTING, 101),
    "PostsThrottled": Harm(POSTING, 11),
    "LostConnections": Harm(POSTING, 1),
    "RecordsUnreadable": Harm(("fanout", "worker"), 1),
    "RecordsGivenUp": Harm(("worker",), 1),
    # A client who blocks a bot is none; a token that was withdrawn, or a messenger that is down for a day, is many.
    "DeliveriesFailed": Harm(("outbound",), 21),
    "ListenersUnreadable": Harm(("fanout",), 1),
    "SettingsUnreadable": Harm(SIGNED_IN, 1),
    "ProvidersSkipped": Harm(SIGNED_IN, 1),
    "WidgetKeysSkipped": Harm(SIGNED_IN, 1),
}
HARMLESS = {
    "FilesChecked": "what the service is for",
    "FilesRefused": "what somebody tried: it is refused",
    "Operations": "what the service is for",
    "Posts": "what the service is for",
    "GoneConnections": "a client that went without a word; what it heard of is forgotten",
    "FanoutLagMilliseconds": "AWS/Lambda IteratorAge has the alarm, also when nothing is invoked",
    "Conflicts": "two people at once: one is done and the other again",
    "Retries": "what was tried again went well, or is one of Faults",
    "Deliveries": "what the service is for",
    "DeliveryRetries": "what was tried again went well, or is one of DeliveriesFailed",
    "Requeued": "found again, and sent late; that the queue gave up or is late has alarms of its own",
    "InboundUnused": "a messenger posts more than can be used, such as what is said in groups",
    "RecordsUnknown": "of a later version, which an earlier one passes over after it was rolled back",
    "ListenersUnknown": "of a later version, too",
}

# For how long a message may wait in a queue, in seconds.
LONGEST_WAITING = 30 * 60

METRICS = r"\b(?:counter|histogram|gauge)!\(\s*([\w:]+|\"[^\"]*\")\s*(.)"
# The files with their names.
NAMES = ("observe.rs", "metric.rs")


def main() -> int:
    template, faults = decode(str(ROOT / "template.yaml"))
    assert not faults, faults
    wrong = check(template["Resources"], counted(), dimensions())
    for each in wrong:
        print(each)
    print(f"{len(HARM)} counts that mean harm, {len(wrong)} without what they need")
    return min(len(wrong), 1)


def check(resources: dict, metrics: set[str], functions: set[str]) -> list[str]:
    wrong = [f"{name} is counted, and nobody said whether it means harm" for name in sorted(metrics - known())]
    wrong += [f"{name} has its alarms, and nobody counts it" for name in sorted(known() - metrics)]
    if functions != set(ALL):
        wrong.append(f"counts have the dimension Function of {sorted(functions)}")
    alarms = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    told = {"Fn::If": ["IsTold", [{"Ref": "AlarmTopic"}], []]}
    heard = [each for each in alarms if each["AlarmActions"] == told]
    wrong += [f"the alarm of {each['MetricName']} tells nobody" for each in alarms if each not in heard]
    own = namespace()
    for name, harm in HARM.items():
        for function in harm.functions:
            point = (own, name, {"Function": function})
            if not any(fires(alarm, *point, harm.count) for alarm in heard):
                wrong.append(f"{harm.count} {name} of {function} set off no alarm")
    points = [(what, point, 1000) for what, point in beside(resources)]
    points += [(what, point, LONGEST_WAITING + 1) for what, point in waiting(resources)]
    for what, point, count in points:
        if not any(fires(alarm, *point, count) for alarm in heard):
            wrong.append(f"{what}: no alarm is set off")
    return wrong


def fires(alarm: dict, namespace: object, name: str, dimensions: dict, count: int) -> bool:
    """Whether an alarm fires when something is counted so often in one of its periods."""
    same = alarm["Namespace"] == namespace and alarm["MetricName"] == name
    if not same or {each["Name"]: each["Value"] for each in alarm.get("Dimensions", [])} != dimensions:
        return False
    # Of single events the sum says how many there were; a maximum is that of a size, not of a count.
    adds = alarm.get("Statistic") == "Sum" or namespace == "AWS/SQS" and alarm.get("Statistic") == "Maximum"
    lasts = alarm["EvaluationPeriods"] == 1 and alarm["Period"] <= 300
    limit = alarm["Threshold"]
    over = {"GreaterThanThreshold": count > limit, "GreaterThanOrEqualToThreshold": count >= limit}
    return adds and lasts and over.get(alarm["ComparisonOperator"], False)


def beside(resources: dict) -> list[tuple[str, tuple]]:
    """What AWS counts and must be heard of: what was given up, and what the tables throttle."""
    points = []
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Function":
            points += given_up(name, resource["Properties"].get("Events", {}), resources)
            points.append((f"{name} fails", ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": name}})))
            points.append((f"{name} waits", ("AWS/Lambda", "Throttles", {"FunctionName": {"Ref": name}})))
        if resource["Type"] == "AWS::DynamoDB::Table":
            own = {"Fn::If": [f"Own{name.removesuffix('Table')}", {"Ref": name}, {"Ref": f"{name}Name"}]}
            indexes = [each["IndexName"] for each in resource["Properties"].get("GlobalSecondaryIndexes", [])]
            places = [{"TableName": own}]
            places += [{"TableName": own, "GlobalSecondaryIndexName": index} for index in indexes]
            for kind in ("Read", "Write"):
                metric = f"{kind}ThrottleEvents"
                points += [(f"{metric} of {name}", ("AWS/DynamoDB", metric, place)) for place in places]
        socket = {"Ref": "SocketApi"}
        if resource["Type"] == "AWS::ApiGatewayV2::Stage" and resource["Properties"]["ApiId"] == socket:
            stage = {"ApiId": socket, "Stage": resource["Properties"]["StageName"]}
            for metric in ("IntegrationError", "ExecutionError", "ClientError"):
                points.append((f"{metric} of {name}", ("AWS/ApiGateway", metric, stage)))
    return points


def waiting(resources: dict) -> list[tuple[str, tuple]]:
    """The age of what the queues hold that functions read."""
    points = []
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Function":
            for event in resource["Properties"].get("Events", {}).values():
                if event["Type"] == "SQS":
                    queue = of_queue(event["Properties"]["Queue"])
                    points.append((f"{name} is late", ("AWS/SQS", "ApproximateAgeOfOldestMessage", queue)))
    return points


def of_queue(arn: dict) -> dict:
    """The dimension of a queue, by its ARN."""
    return {"QueueName": {"Fn::GetAtt": [arn["Fn::GetAtt"][0], "QueueName"]}}


def given_up(function: str, events: dict, resources: dict) -> list[tuple[str, tuple]]:
    """Where a function's records and messages go that it did not get done, as that is counted."""
    points = []
    for name, event in events.items():
        if event["Type"] == "SQS":
            queue = resources[event["Properties"]["Queue"]["Fn::GetAtt"][0]]["Properties"]
            dead = of_queue(queue["RedrivePolicy"]["deadLetterTargetArn"])
            point = ("AWS/SQS", "ApproximateNumberOfMessagesVisible", dead)
            points.append((f"messages of {function} are given up", point))
        place = event["Properties"].get("DestinationConfig", {}).get("OnFailure")
        if place is None:
            continue
        if place["Type"] == "SQS":
            point = ("AWS/SQS", "ApproximateNumberOfMessagesVisible", of_queue(place["Destination"]))
        else:
            # A bucket does not count what is put into it: the source of the events does, if it is asked to.
            assert event["Properties"]["MetricsConfig"] == {"Metrics": ["EventCount"]}
            source = {"EventSourceMappingUUID": {"Ref": f"{function}{name}"}}
            point = ("AWS/Lambda", "OnFailureDestinationDeliveredEventCount", source)
            points.append((f"records of {function} are dropped", ("AWS/Lambda", "DroppedEventCount", source)))
        points.append((f"records of {function} are given up", point))
    return points


def known() -> set[str]:
    return HARM.keys() | HARMLESS.keys()


def namespace() -> object:
    """The namespace that the functions write to."""
    template, _ = decode(str(ROOT / "template.yaml"))
    return template["Globals"]["Function"]["Environment"]["Variables"]["METRICS_NAMESPACE"]


def counted() -> set[str]:
    """The names of all metrics that the code counts."""
    names, calls = {}, []
    for folder in SOURCES:
        for path in sorted(folder.rglob("*.rs")):
            text = "\n".join(lines_of(path))
            if path.name in NAMES:
                names |= re.findall(r"const (\w+): &str =\s*(\"[^\"]*\"|[\w:]+);", text)
            if "tests" not in path.parts and path.name != "tests.rs":
                calls += re.findall(METRICS, text)
    found = set()
    for called, after in calls:
        name = called
        while not name.startswith('"'):
            # Some are another one's, by its name.
            assert name.rsplit("::", 1)[-1] in names, f"{name} stands in none of {NAMES}"
            name = names[name.rsplit("::", 1)[-1]]
        name = name.strip('"')
        # An alarm has no place for a label, which is another dimension.
        assert after == ")" or name in HARMLESS, f"{name} is counted with a label"
        found.add(name)
    assert found, "nothing is counted"
    return found


def dimensions() -> set[str]:
    """The functions by which the counts are told apart."""
    observe = (ROOT / "functions" / "src" / "observe.rs").read_text()
    assert re.search(r"with_dimension\(\s*\"Function\", function\)", observe), "the dimension is another"
    started = (path.read_text() for path in sorted((ROOT / "functions" / "src" / "bin").glob("*.rs")))
    return {name for text in started for name in re.findall(r"observe::start\(\"(\w+)\"", text)}


if __name__ == "__main__":
    sys.exit(main())
