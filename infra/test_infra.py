"""What the checks of this folder find, and what the page's paths come to."""

import copy
import json
import pathlib
import subprocess
import unittest

from cfnlint.decode import decode

import alarms
import cost
import reach
import roles

TEMPLATE, _ = decode(str(pathlib.Path(__file__).parent.parent / "template.yaml"))
STORE = "impl Store {\n    pub async fn it(&self) {\n        %s\n    }\n}"


class Rights(unittest.TestCase):
    def setUp(self) -> None:
        self.reading = reach.Reading(reach.STORE)

    def asked(self, code: str) -> set:
        (function,) = reach.cut("new.rs", (STORE % code).split("\n"))
        return self.reading.own(function)

    def test_what_no_run_has_to_come_to_is_found(self) -> None:
        reached = reach.reach()
        for function in ("graphql", "socket", "fanout"):
            # The presence of an employee; a list and a search in the payload of a subscription.
            self.assertIn(("dynamodb:BatchGetItem", "live"), reached[function])
            self.assertIn(("dynamodb:Query", "core/index/by_live_chat"), reached[function])
            self.assertIn(("dynamodb:Query", "search"), reached[function])
        # Stock clients send mutations over the socket.
        self.assertLessEqual(reached["graphql"], reached["socket"])
        self.assertNotIn(("dynamodb:PutItem", "core"), reached["fanout"])
        self.assertIn(("dynamodb:Scan", "core"), reached["worker"])
        self.assertIn(("dynamodb:DeleteItem", "core"), reached["outbound"])

    def test_only_who_talks_to_messengers_reaches_the_queue_and_the_key(self) -> None:
        outside = {
            function: {action for action, _ in needed if action.startswith(("sqs:", "kms:"))}
            for function, needed in reach.reach().items()
        }
        for function in ("graphql", "socket"):
            self.assertEqual(outside[function], {"kms:Encrypt", "kms:Decrypt"})
        self.assertEqual(outside["inbound"], {"kms:Decrypt"})
        self.assertEqual(outside["worker"], {"sqs:SendMessage"})
        sends = {"sqs:SendMessage", "sqs:ChangeMessageVisibility", "kms:Decrypt"}
        self.assertEqual(outside["outbound"], sends)
        for function in ("fanout", "presence"):
            self.assertEqual(outside[function], set())

    def test_a_new_call_is_found_or_refused(self) -> None:
        row = "Row::put_new(Table::Search, Part::Other, item)"
        self.assertEqual(self.asked(row), {("dynamodb:PutItem", "search")})
        self.assertEqual(self.asked("self.items(Table::Live, keys)"), {("dynamodb:BatchGetItem", "live")})
        for unknown in (
            "self.db.get_item()",
            "self.item(table, key)",
            "self.delete_all(Table::Core, key)",
            "Row::check(Table::Core, key)",
        ):
            with self.assertRaises(AssertionError):
                self.asked(unknown)

    def test_a_new_method_of_the_vault_is_refused(self) -> None:
        code = reach.functions_of(reach.FUNCTIONS)
        sign = "impl Vault {\n    pub async fn sign(&self) {\n        self.client.sign()\n    }\n}"
        with self.assertRaises(AssertionError):
            reach.outside(code + reach.cut("new.rs", sign.split("\n")))

    def test_what_nobody_is_seen_to_call_is_refused(self) -> None:
        (function,) = reach.cut("new.rs", (STORE % "self.item(Table::Core, key)").split("\n"))
        self.reading.all.add(function)
        with self.assertRaises(AssertionError):
            self.reading.check_called(reach.functions_of(reach.SCHEMA) + reach.functions_of(reach.FUNCTIONS))


class Key(unittest.TestCase):
    def uses(self, **changed: object) -> dict:
        policy = copy.deepcopy(TEMPLATE["Resources"]["CredentialsKey"]["Properties"]["KeyPolicy"])
        *_, decrypt = policy["Statement"]
        for name, value in changed.items():
            decrypt[name] = value
        return roles.key_uses(policy)

    def test_four_roles_use_it(self) -> None:
        expected = {"GraphqlRole", "SocketRole", "InboundRole", "OutboundRole"}
        self.assertEqual(set(self.uses()), expected)

    def test_it_is_used_for_one_channel_at_a_time(self) -> None:
        for wrong in (
            {"Condition": {}},
            {"Condition": {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["tenant"]}}},
            {"Action": "kms:*"},
            {"Principal": {"AWS": roles.ADMINISTERED_BY}},
            {"Principal": {"AWS": "*"}},
        ):
            with self.subTest(**wrong), self.assertRaises((AssertionError, TypeError)):
                self.uses(**wrong)


class Filters(unittest.TestCase):
    """Which rows of the stream invoke its consumers."""

    def reaches(self, function: str, pk: str, sk: str, **attributes: dict) -> bool:
        event = TEMPLATE["Resources"][f"{function}Function"]["Properties"]["Events"]["Stream"]["Properties"]
        keys = {"pk": {"S": pk}, "sk": {"S": sk}}
        record = {"dynamodb": {"Keys": keys, "NewImage": keys | attributes}}
        patterns = [json.loads(each["Pattern"]) for each in event["FilterCriteria"]["Filters"]]
        return any(self.holds(pattern, record) for pattern in patterns)

    def holds(self, pattern: dict, value: dict) -> bool:
        for name, rule in pattern.items():
            inner = value.get(name)
            if isinstance(rule, dict):
                if inner is None or not self.holds(rule, inner):
                    return False
            elif not any(self.allows(one, inner) for one in rule):
                return False
        return True

    def allows(self, rule: object, text: str | None) -> bool:
        if not isinstance(rule, dict):
            return text == rule
        if "exists" in rule:
            return (text is not None) == rule["exists"]
        return text is not None and text.startswith(rule["prefix"])

    def test_an_answer_that_leaves_by_a_messenger_reaches_both_consumers(self) -> None:
        for answer in ({"pv": {"N": "0"}}, {"pv": {"N": "7"}}):
            self.assertTrue(self.reaches("Worker", "V#t#v", "M#0000000001", **answer))
            self.assertTrue(self.reaches("Fanout", "V#t#v", "M#0000000001", **answer))
        self.assertFalse(self.reaches("Worker", "V#t#v", "M#0000000001"))
        self.assertTrue(self.reaches("Fanout", "V#t#v", "M#0000000001"))

    def test_a_delivery_reaches_the_fan_out_and_one_that_is_due_the_worker(self) -> None:
        for state, is_due in (("PENDING", True), ("SENT", False), ("FAILED", False)):
            delivery = {"st": {"S": state}}
            self.assertTrue(self.reaches("Fanout", "V#t#v", "D#0000000001", **delivery))
            self.assertEqual(self.reaches("Worker", "V#t#v", "D#0000000001", **delivery), is_due)

    def test_what_is_due_reaches_nobody(self) -> None:
        for function in ("Fanout", "Worker"):
            self.assertFalse(self.reaches(function, "O#3", "t#v"))

    def test_the_names_are_those_of_the_rows(self) -> None:
        records = alarms.ROOT / "schema" / "store" / "src" / "record"
        for file, name, field in (("entry", "pv", "leaves_after: Option<u64>"), ("dialog", "st", "state: String")):
            text = " ".join((records / f"{file}.rs").read_text().split())
            self.assertRegex(text, rf'#\[serde\(rename = "{name}"\)\] (pub\(crate\) )?{field}')


class Alarms(unittest.TestCase):
    def found(self, metrics: set[str] | None = None, **changed: dict) -> list[str]:
        resources = copy.deepcopy(TEMPLATE["Resources"])
        for name, properties in changed.items():
            resources[name]["Properties"] |= properties
        return alarms.check(resources, metrics or alarms.known(), set(alarms.ALL))

    def test_all_harm_is_heard_of(self) -> None:
        self.assertEqual(self.found(), [])

    def test_a_count_that_nobody_knows_is_found(self) -> None:
        self.assertEqual(len(self.found(alarms.known() | {"RecordsBurnt"})), 1)
        self.assertEqual(len(self.found(alarms.known() - {"Panics"})), 1)

    def test_an_alarm_that_does_not_fire_is_none(self) -> None:
        for name, broken in (
            ("SocketPanics", {"Threshold": 1}),
            ("SocketPanics", {"MetricName": "Panic"}),
            ("SocketPanics", {"Dimensions": [{"Name": "FunctionName", "Value": "socket"}]}),
            ("SocketPanics", {"Statistic": "Average"}),
            ("SocketPanics", {"EvaluationPeriods": 3}),
            ("WorkerFaults", {"Namespace": "ChatDesk"}),
            ("CoreWriteThrottles", {"MetricName": "WriteThrottles"}),
            ("LiveLeaseReadThrottles", {"Dimensions": []}),
            ("FanoutDeadLettersThere", {"ComparisonOperator": "LessThanThreshold"}),
            ("WorkerDeadLettersThere", {"Dimensions": []}),
            ("OutboundDeadLettersThere", {"Dimensions": []}),
            ("OutboundDeadLettersThere", {"MetricName": "NumberOfMessagesSent"}),
            ("OutboundDeliveriesFailed", {"Threshold": 21}),
            ("OutboundLate", {"Statistic": "Average"}),
            ("OutboundLate", {"Threshold": 1801}),
        ):
            with self.subTest(name, **broken):
                self.assertEqual(len(self.found(**{name: broken})), 1)

    def test_an_alarm_that_tells_nobody_is_none(self) -> None:
        self.assertEqual(len(self.found(SocketPanics={"AlarmActions": []})), 2)


class Cost(unittest.TestCase):
    def test_the_page_says_what_the_counted_units_come_to(self) -> None:
        self.assertEqual(cost.not_held(), [], "what the tests of the costs do not say any more")
        page = " ".join((alarms.ROOT / "docs" / "operations.md").read_text().split())
        for part in cost.whole():
            self.assertIn(" ".join(part.split()), page, "infra/cost.py prints what has to stand there")


class Paths(unittest.TestCase):
    def test_only_what_has_no_extension_is_the_page(self) -> None:
        code = TEMPLATE["Resources"]["ConsolePaths"]["Properties"]["FunctionCode"]
        page, same = "/index.html", None
        asked = {
            "/": page,
            "/sign-in": page,
            "/live-chats/TGl2ZUNoYXQ/sessions": page,
            "/v1.2/desk": page,
            "/desk/": page,
            "/index.html": same,
            "/widget.js": same,
            "/assets/index-B2x9.js": same,
            "/assets/gone-1a2b.css": same,
            "/config.json": same,
            "/fonts/a.b.woff2": same,
        }
        each = f"{json.dumps(list(asked))}.map((uri) => handler({{ request: {{ uri }} }}).uri)"
        ask = f"console.log(JSON.stringify({each}))"
        answer = subprocess.run(["node", "-e", code + ask], capture_output=True, check=True, text=True)
        self.assertEqual(json.loads(answer.stdout), [page or uri for uri, page in asked.items()])


if __name__ == "__main__":
    unittest.main()
