"""Computes what docs/operations.md says it costs, and prints it as that page has it.

Units are those that the tests of `tests/chapter/cost` hold, or that an expression in the code writes: each line that
has some names the file and the text there, and test_infra.py looks for both, there and on the page. What is estimated
says so.
"""

import re
from typing import NamedTuple

from alarms import ROOT
from cfnlint.decode import decode

# List prices of us-east-1, on demand, in USD: to be checked before they are relied on.
A_MILLION = 1e6
WRITE, READ = 0.625 / A_MILLION, 0.125 / A_MILLION
INVOCATION, HTTP, FRAME = 0.20 / A_MILLION, 1.00 / A_MILLION, 1.00 / A_MILLION
# Of 512 MB, on arm64.
SECOND = 0.0000133334 / 2
MINUTE_CONNECTED = 0.25 / A_MILLION
TRACE = 5.00 / A_MILLION
ALARM, METRIC, SECRET, KEY = 0.10, 0.30, 0.40, 1.00
# To a FIFO queue, also of high throughput; and to the key service.
QUEUE, DECRYPT = 0.50 / A_MILLION, 3.00 / A_MILLION

# Of a million messages of clients, in sessions of four; each message is answered once, and the client sees two answers
# at a time.
MESSAGES, SESSIONS = 1_000_000, 250_000
# The members of a live chat who are online, and those of them whom a message of an assigned session concerns: its
# operator and a supervisor.
LISTENING, CONCERNED = 5, 2
# A name of two words, of five and seven letters. It has a row for itself, for each two letters in a row, and in the
# lists of a live chat and of the tenant for each three.
SHORT = 1 + sum(letters - 1 for letters in (5, 7))
LONG = SHORT + sum(letters - 2 for letters in (5, 7))


class Line(NamedTuple):
    what: str
    units: str
    usd: float
    held: tuple[str, str] | None = None


PEOPLE = "tests/chapter/cost/people.rs"
AT_ONCE = "tests/chapter/feed/at_once.rs"
COST, SEARCH = "tests/chapter/cost.rs", "schema/store/src/search/row.rs"
OUTGOING, DELIVERY = "schema/store/src/outgoing.rs", "schema/store/src/delivery.rs"
OUTGOING_KEYS = "schema/store/src/table/key/outgoing.rs"
GATE = "functions/src/outbound/gate.rs"


def writes(what: str, many: int, units: int, held: str, file: str = COST) -> Line:
    return Line(what, f"{many * units / A_MILLION:.1f} M write units", many * units * WRITE, (file, held))


def invoked(what: str, many: int, seconds: float) -> Line:
    price = many * (INVOCATION + seconds * SECOND)
    return Line(what, f"{many / A_MILLION:.1f} M", price)


def messages() -> list[Line]:
    follow = MESSAGES - SESSIONS
    marks = MESSAGES // 2
    acts = 2 * MESSAGES + 2 * SESSIONS + follow + marks
    # Who opens or takes a session changes the badges of all; an answer, a message and a closing only one's.
    badges = 2 * SESSIONS * LISTENING + MESSAGES + follow + SESSIONS
    # Opening and taking concern all members. Everything else concerns the operator and the supervisors at their desks;
    # a message also who follows the dialog, an answer its client. What a client has seen is pushed only to the former.
    rest = acts - marks - 2 * SESSIONS
    desks = 2 * SESSIONS * LISTENING + rest * CONCERNED
    lists = 4 * (acts - marks) + desks + 2 * marks
    frames = SESSIONS * (2 * LISTENING + CONCERNED) + follow * (CONCERNED + 1) + MESSAGES * (CONCERNED + 2) + marks
    rows = SESSIONS * (2 * LONG + 3 * SHORT)
    # Each is read with the records of the head and with those of the counts.
    notes = acts - marks
    asked = acts + 2 * SESSIONS
    return [
        writes("messages that open a session", SESSIONS, 13, 'bench.write("carl"), 12, 1, 3'),
        writes("half of the others, read meanwhile", follow // 2, 10, 'bench.write("dora"), 8, 2, 3'),
        writes("the other half", follow // 2, 8, 'bench.write("dora"), 6, 2, 3'),
        writes("first answers", SESSIONS, 10, 'bench.answer("ann", &id, None), 8, 2, 4'),
        writes("further answers", MESSAGES - SESSIONS, 8, 'bench.answer("ann", &id, None), 6, 2, 4'),
        writes("taking, with a key", SESSIONS, 13, "claim_next(&ann, None, once.as_ref()), 12, 1, 6"),
        writes("read marks", follow, 4, "mark_read(&ann, &id, 1), 4, 0, 3"),
        writes("clients' marks of what they have seen", marks, 1, "mark_client_read(&id.conversation, 2), 1, 0, 3"),
        writes("closing", SESSIONS, 12, "close(&ann, &id, None), 8, 4, 3"),
        Line(
            f"rows of the search: {LONG} of a name in each of two lists and {SHORT} in the queue's, from where they go "
            "to another when it is taken",
            f"{rows / A_MILLION:.1f} M write units",
            rows * WRITE,
            (SEARCH, "for gram in name.grams(scope.longest_gram())"),
        ),
        writes(
            "notes of the requests that push their changes themselves, or leave them to the stream",
            notes,
            1,
            "assert_eq!((more, read, written), (6, 6.0, 1.0)",
            AT_ONCE,
        ),
        Line(
            "the fan-out reads them, at worst twice for each",
            f"{2 * notes / A_MILLION:.1f} M read units",
            2 * notes * READ,
        ),
        Line(
            "reads before each act: three requests of about a unit, and one more for an answer",
            f"{(3 * acts + MESSAGES) / A_MILLION:.1f} M read units",
            (3 * acts + MESSAGES) * READ,
        ),
        Line(
            "the fan-out reads the badges, of five live chats and at worst for each change: "
            f"{badges / A_MILLION:.1f} M times",
            f"{21 * badges / A_MILLION:.1f} M read units",
            21 * badges * READ,
            (COST, "(used.read_units, used.round_trips), (21.0, 2)"),
        ),
        Line(
            f"it reads the roles, the head, and the subscriptions of the {CONCERNED} to {LISTENING} whom it concerns",
            f"{lists / A_MILLION:.1f} M read units",
            lists * READ,
            (PEOPLE, '[("ann", vec!["changes", "alerts"]), ("sue", vec!["changes"])]'),
        ),
        Line(
            f"pushed frames: opening and taking to {LISTENING}, messages and closing to the {CONCERNED} at their desks, "
            "messages to one who follows the dialog, answers to the client, each mark to one",
            f"{frames / A_MILLION:.1f} M",
            frames * FRAME,
        ),
        Line("requests over HTTP: each act, and two queries a session", f"{asked / A_MILLION:.1f} M", asked * HTTP),
        invoked("their invocations, of about 20 ms", asked, 0.02),
        invoked("invocations of fan-out and worker, at worst one each a change, of about 20 ms", 2 * acts, 0.02),
    ]


def answers() -> list[Line]:
    """Of a million answers that leave by a messenger, on top of what each costs as a message."""
    reads = 10 * MESSAGES
    requests = 3 * MESSAGES
    return [
        writes(
            "what is due, noted before it is queued",
            MESSAGES,
            1,
            '"ADD q :seqs SET nb = :mark, du = if_not_exists(du, :now)"',
            OUTGOING,
        ),
        writes("the delivery, once it is sent", MESSAGES, 1, "self.save_delivery(of, seq, stored", DELIVERY),
        writes("what is due, deleted", MESSAGES, 1, "self.delete_when(Table::Core, &key, alone", OUTGOING),
        writes(
            "the count of a channel's calls, for Telegram and WhatsApp",
            MESSAGES,
            1,
            "store.count(Counted::Calls(channel), rate, 1)",
            GATE,
        ),
        Line(
            "reads before a call: what is due, the answer, the one before it, their deliveries, channel and client",
            f"{reads / A_MILLION:.1f} M read units",
            reads * READ,
        ),
        Line("requests to the queue: sent, received, deleted", f"{requests / A_MILLION:.1f} M", requests * QUEUE),
        invoked("invocations of outbound, of about 300 ms: the messenger's time", MESSAGES, 0.3),
        invoked(
            "invocations: the worker's for the answer, the fan-out's for the step, of about 20 ms",
            2 * MESSAGES,
            0.02,
        ),
        Line(
            "pushed frames: the step to one who follows the dialog",
            f"{MESSAGES / A_MILLION:.1f} M",
            MESSAGES * FRAME,
        ),
        Line(
            "credentials decrypted, at worst once in a hundred answers: an instance keeps them",
            f"{MESSAGES // 100:,}",
            MESSAGES / 100 * DECRYPT,
        ),
    ]


def open_hours() -> list[Line]:
    """Of a thousand hours that a page is open."""
    minutes = 60_000
    lines = []
    for page, seconds, lease in (("desk", 30, 3), ("widget", 240, 0)):
        pings = minutes * 60 // seconds
        each = 2 * FRAME + INVOCATION + 0.005 * SECOND + READ + lease * WRITE
        price = pings * each + minutes * MINUTE_CONNECTED
        units = f"{pings:,} pings, as many pongs and invocations"
        units += f", leases of {lease} write units" if lease else ""
        lines.append(Line(f"1,000 hours of an open {page}: a ping every {seconds} s", units, price))
    return lines


def monthly() -> list[Line]:
    template, _ = decode(str(ROOT / "template.yaml"))
    alarms = sum(each["Type"] == "AWS::CloudWatch::Alarm" for each in template["Resources"].values())
    walks = 60 * 24 * 30
    shards = 16
    # Five of Lambda's pollers, each of which waits for 20 s.
    polls = walks * 15
    return [
        Line("alarms", f"{alarms}", alarms * ALARM),
        Line("metrics that are counted in a quiet month, about", "15", 15 * METRIC),
        Line("the secret", "1", SECRET),
        Line("the key of the credentials, about: each of its first two rotations adds as much", "1", KEY),
        Line(
            "sweeps of presence, each minute, of about 50 ms",
            f"{walks:,}",
            walks * (INVOCATION + 0.05 * SECOND + 4 * READ),
        ),
        Line(
            f"sweeps of outbound, each minute, of about 50 ms: {shards} reads each",
            f"{walks:,}",
            walks * (INVOCATION + 0.05 * SECOND + shards * READ),
            (OUTGOING_KEYS, f"DUE_SHARDS: u32 = {shards};"),
        ),
        Line("requests that find the queue empty, about", f"{polls:,}", polls * QUEUE),
    ]


def table(lines: list[Line], head: str) -> str:
    rows = [f"| {head} | units or calls | USD |", "| --- | --- | --- |"]
    rows += [f"| {each.what} | {each.units} | {each.usd:.2f} |" for each in lines]
    return "\n".join([*rows, f"| together | | {sum(each.usd for each in lines):.2f} |"])


def whole() -> list[str]:
    traces = 5 * MESSAGES * TRACE
    million, sent, month = (sum(each.usd for each in lines) for lines in (messages(), answers(), monthly()))
    return [
        f"About {million:.0f} USD for a million client messages, {sent:.0f} USD more where their answers leave by a "
        f"messenger, and about {month:.0f} USD a month for a stack that nobody uses.",
        table(messages(), "of a million messages"),
        table(answers(), "of a million answers that leave by a messenger"),
        "\n".join(table(open_hours(), "of open pages").split("\n")[:-1]),
        table(monthly(), "of a month, whatever is done"),
        f"`Tracing=Active` would add up to {traces:.0f} USD to a million messages",
    ]


def not_held() -> list[str]:
    """What the tests do not assert, and the code does not write, any more."""
    flat = lambda text: re.sub(r"\s+", " ", text)  # noqa: E731
    held = [each.held for each in messages() + answers() + monthly() if each.held]
    return [text for file, text in held if text not in flat((ROOT / file).read_text())]


if __name__ == "__main__":
    print("\n\n".join(whole()))
