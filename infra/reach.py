"""Says what each function can ask of AWS, by what its code can come to.

It is read out of the source, so that no test run has to come to everything:

- what a method of the store asks of DynamoDB is found where it asks: in the calls of the room `table`, which alone
  knows the SDK, and in the rows of transactions, each on the table that is named beside it. A call of the SDK in
  another place, a row or a table that is not known here is an error, so that a new one cannot be forgotten;
- what a method comes to through others is followed by their names, which are the store's own;
- where each function begins in `functions/src` is declared in MODULES, and what it comes to from there is found by
  the paths it names: a module that asks for something and is nobody's is an error;
- what is asked of the queue, of the key service and of the gateway is found by the methods of their clients, which
  stand in OUTSIDE: another one is an error;
- who executes documents can do what the schema can: the fan-out what its queries and subscriptions can, `graphql`
  and `socket` what its mutations can, too.

So this stays true by itself: roles.py, which `.ci/run` starts before anything is built, compares the roles with it
exactly, and what a run was seen to call has to be in it.
"""

import collections
import pathlib
import re
from typing import NamedTuple

ROOT = pathlib.Path(__file__).parent.parent
STORE, SCHEMA, FUNCTIONS = (
    ROOT / "schema" / "store" / "src",
    ROOT / "schema" / "graphql" / "src",
    ROOT / "functions" / "src",
)

# What every function has: it opens its connection when it starts. It holds what only some of them use.
SHARED = "app"
# Modules, each with what is in its folder and with those that it names; beside them what of SHARED is used.
MODULES = {
    # The schema calls messengers by what the app hands it, which has the documents of subscriptions too.
    "graphql": ["graphql", "lease", "rate", "channel/connect", "operation/documents"],
    "socket": ["socket", "lease", "rate", "channel/connect", "operation/documents"],
    "inbound": ["inbound", "rate"],
    "fanout": ["fanout", "operation/documents"],
    "worker": ["worker"],
    "presence": ["presence"],
    "outbound": ["outbound"],
    "attachments": ["attachments"],
}
# Other crates, one of which is called as a module is.
CRATES = ("graphql::", "store::", "domain::")
# What of the schema they execute.
EXECUTE = {"graphql": "all", "socket": "all", "fanout": "reads"}
# What its code could come to and its data never does, with the reason.
NEVER = {
    "inbound": {
        ("dynamodb:DeleteItem", "core"): "an arrival puts a session into the queue and takes none out of it",
        ("sqs:ChangeMessageVisibility", "OutboundQueue"): "it only reads the ids that the module outbound makes",
    },
}
# Not of the functions as they are deployed.
ELSEWHERE = {"tests", "bin"}
TEST_FILES = {"tests.rs", "testing.rs"}
# The local run makes the tables; on AWS the template does.
TABLE_MAKING = "table/schema.rs"

# The room of the SDK. Its calls are told which table: what they ask for is asked for by whoever names it.
ROOM = "table/"
CALLS = {
    "item": "GetItem",
    "items": "BatchGetItem",
    "range": "Query",
    "scan": "Scan",
    "put": "PutItem",
    "update": "UpdateItem",
    "update_if": "UpdateItem",
    "update_once": "UpdateItem",
    "update_version": "UpdateItem",
    "delete": "DeleteItem",
    "delete_when": "DeleteItem",
    "write_batch": "BatchWriteItem",
}
# What is told a table and asks for nothing.
NAMING = {"name"}
# The store, and the handle by which it is called for one tenant: they have their methods together.
STORES = ("Store", "TenantStore")
# A transaction needs what its rows need.
ROWS = {
    "put": "PutItem",
    "put_if": "PutItem",
    "put_new": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "delete_if": "DeleteItem",
}
INDEXES = {
    "LiveChat": "core/index/by_live_chat",
    "Operator": "core/index/by_operator",
    "Lease": "live/index/by_lease",
}
# The clients of what is beside the state, by their types, with what their methods ask for. A value of one is named as
# its type is, in small letters.
OUTSIDE = {
    "Connections": {},
    "Queue": {
        "send": ("sqs:SendMessage", "OutboundQueue"),
        "hide": ("sqs:ChangeMessageVisibility", "OutboundQueue"),
    },
    "Vault": {
        "seal": ("kms:Encrypt", "CredentialsKey"),
        "open": ("kms:Decrypt", "CredentialsKey"),
    },
}
# The bucket of files, which is asked without a client of the SDK, and what each of its methods takes. To be told that an
# object is not there takes the right to list.
SEEN = {("s3:GetObject", "FilesBucket/*"), ("s3:ListBucket", "FilesBucket")}
BUCKET = {
    "exists": SEEN,
    "read": SEEN,
    "write": {("s3:PutObject", "FilesBucket/*")},
    "forget": {("s3:DeleteObject", "FilesBucket/*")},
    "delete": {("s3:DeleteObject", "FilesBucket/*")},
    # What it allows whoever has it, who signed it has to be allowed.
    "form": {("s3:PutObject", "FilesBucket/*")},
    "link": {("s3:GetObject", "FilesBucket/*")},
    "is_uploaded": SEEN,
    "quotas": set(),
}
# What executing the schema asks of it, which has it from the app: a document that is only read has links alone.
SCHEMA_FILES = {"all": {"form", "is_uploaded", "link", "quotas"}, "reads": {"link"}}
# Each method of this one asks for the same.
POSTING = ("execute-api:ManageConnections", "connections")
Needed = set[tuple[str, str]]


class Function(NamedTuple):
    file: str
    owner: str
    name: str
    body: str


def reach() -> dict[str, Needed]:
    """What each function can ask for: actions and what they are done on."""
    store = Reading(STORE)
    schema = functions_of(SCHEMA)
    reads = without_mutations(schema)
    asks = lambda each: set(re.findall(r"\bfiles\s*\.\s*(\w+)\(", each.body)) & BUCKET.keys()  # noqa: E731
    for which, documents in (("all", schema), ("reads", reads)):
        found = set().union(*(asks(each) for each in documents))
        assert found == SCHEMA_FILES[which], f"of the bucket {which} asks for {sorted(found)}"
    executed = {"all": store.asked_by(schema), "reads": store.asked_by(reads)}
    code = functions_of(FUNCTIONS)
    files = {each.file for each in code}
    methods = outside(code)
    asked = lambda own: store.asked_by(own) | asked_outside(own, methods)  # noqa: E731
    reached, used = {}, set()
    for name, modules in MODULES.items():
        own = module(SHARED, files)
        left = [file for each in modules for file in module(each, files)]
        while left:
            file = left.pop()
            if file not in own:
                own.add(file)
                left += modules_named(file, files)
        used |= own
        needed = asked([each for each in code if each.file in own])
        needed |= executed.get(EXECUTE.get(name), set())
        for method in SCHEMA_FILES.get(EXECUTE.get(name), set()):
            needed |= BUCKET[method]
        never = NEVER.get(name, {}).keys()
        assert never <= needed, f"{name} cannot come to {sorted(never - needed)} any more"
        reached[name] = needed - never
    for file in sorted(files - used):
        lost = asked([each for each in code if each.file == file])
        assert not lost, f"functions/src/{file} is no function's, and asks for {sorted(lost)}"
    store.check_called(code + schema)
    return reached


def outside(code: list[Function]) -> dict[tuple[str, str], tuple[str, str]]:
    """What the methods of the clients of OUTSIDE ask for, by the name of a value and that of the method."""
    methods = {}
    for each in code:
        if each.owner == "Connections" and "self" in each.body:
            methods["connections", each.name] = POSTING
        # Its configuration alone asks for nothing.
        elif each.owner in OUTSIDE and re.search(r"\bself\s*\.\s*client\b(?!\s*\.\s*config\()", each.body):
            known = OUTSIDE[each.owner]
            assert each.name in known, f"{each.file}: nobody said what {each.name} asks for"
            methods[each.owner.lower(), each.name] = known[each.name]
    for each in code:
        if each.owner == "Bucket" and re.search(r"\bself\s*\.\s*target\s*\.\s*request\(", each.body):
            assert each.name in BUCKET, f"{each.file}: nobody said what {each.name} asks for"
    for owner, known in OUTSIDE.items():
        lost = [name for name in known if (owner.lower(), name) not in methods]
        assert not lost, f"{owner} has no {lost} any more"
    return methods


def asked_outside(functions: list[Function], methods: dict[tuple[str, str], tuple[str, str]]) -> Needed:
    names = "|".join(owner.lower() for owner in OUTSIDE)
    called = {
        call for each in functions for call in re.findall(rf"\b({names})\s*\.\s*(\w+)\(", each.body)
    }
    files = {call for each in functions for call in re.findall(r"\bbucket\s*\.\s*(\w+)\(", each.body)}
    needed = {methods[call] for call in called if call in methods}
    return needed.union(*(BUCKET.get(call, set()) for call in files))


def module(name: str, files: set[str]) -> set[str]:
    found = {file for file in files if file == f"{name}.rs" or file.startswith(f"{name}/")}
    assert found, f"there is no module {name}"
    return found


def modules_named(file: str, files: set[str]) -> set[str]:
    """The files of the modules that a file names by their paths."""
    text = "\n".join(lines_of(FUNCTIONS / file))
    paths = re.findall(r"\b((?:\w+::)+)", text)
    for path, group in re.findall(r"\b((?:\w+::)+)\{([^}]*)\}", text):
        paths += [f"{path}{name}" for name in re.findall(r"\w+", group)]
    here = file.removesuffix(".rs").split("/")
    found = set()
    for path in paths:
        if path.startswith(CRATES):
            continue
        parts = [part for part in path.split("::") if part not in ("", "crate")]
        own = len([part for part in parts if part == "super"])
        parts = [*(here[:-own] if own else []), *parts[own:]]
        named = [f"{'/'.join(parts[:end])}.rs" for end in range(len(parts), 0, -1)]
        found |= set([each for each in named if each in files][:1])
    return found


class Reading:
    """The store's code: what each of its functions asks for, by itself and through others."""

    def __init__(self, folder: pathlib.Path) -> None:
        functions = [each for each in functions_of(folder) if each.file != TABLE_MAKING]
        self.all = set(functions)
        self.methods = {each.name: each for each in functions if each.owner in STORES}
        self.others = collections.defaultdict(list)
        for each in functions:
            if each.owner not in STORES:
                self.others[each.name].append(each)
        self.texts = {each.file: (folder / each.file).read_text() for each in functions}
        self.known = {}

    def asked_by(self, functions: list[Function]) -> Needed:
        asked = set()
        for each in functions:
            for called in self.calls(each):
                asked |= self.asks(called)
        return asked

    def asks(self, function: Function) -> Needed:
        """What a function of the store asks for. Others may call it in a circle."""
        seen, left, asked = set(), [function], set()
        while left:
            one = left.pop()
            if one not in seen:
                seen.add(one)
                asked |= self.own(one)
                left += self.calls(one)
        return asked

    def calls(self, function: Function) -> list[Function]:
        is_own = function in self.all
        own = r"(?:tenant_)?store(?:\(\)\??)?"
        own = rf"{own}|self" if function.owner in STORES else own
        body = OF_TENANT.sub("", function.body)
        called = re.findall(rf"\b(?:{own})\s*\.\s*(\w+)(?:::<[^>]*>)?\(", body)
        found = [self.methods[name] for name in called if name in self.methods]
        # It can name a type itself, or get a value of it from a method of the store.
        text = self.texts[function.file] if is_own else ""
        text += "".join(re.split(r"\{\n", method.body)[0] for method in found)
        # Other crates come to the store by its methods alone: a function of the same name is their own.
        for name in set(re.findall(r"\b(\w+)(?:::<[^>]*>)?\(", function.body)) if is_own else ():
            found += [each for each in self.others.get(name, []) if is_known(text, each)]
        return found

    def own(self, function: Function) -> Needed:
        """What a function asks for itself."""
        if function not in self.known:
            self.known[function] = self.asks_itself(function)
        return self.known[function]

    def asks_itself(self, function: Function) -> Needed:
        where = f"{function.file}: {function.name}"
        in_room = function.file.startswith(ROOM)
        assert in_room or not re.search(r"\bdb\s*\.", function.body), f"{where} asks the SDK itself"
        needed = set()
        for owner, name, told in re.findall(
            r"\b(self\s*\.|Row::)\s*(\w+)\(\s*(?:Table::(\w+))?", function.body
        ):
            known = ROWS if owner == "Row::" else CALLS
            assert owner != "Row::" or name in ROWS, f"{where} makes a row by {name}, which is not known"
            assert name in known or not told or in_room or name in NAMING, f"{where} calls {name}, which is not known"
            if name in known and (told or not in_room):
                assert told, f"{where} does not say on which table it does {name}"
                needed.add((f"dynamodb:{known[name]}", told.lower()))
        for index in re.findall(r"\bIndex::(\w+)\b(?! *=>)", function.body):
            if index in INDEXES:
                needed.add(("dynamodb:Query", INDEXES[index]))
        if re.search(r"\.\s*search_range\(", function.body):
            needed.add(("dynamodb:Query", "search"))
        return needed

    def check_called(self, callers: list[Function]) -> None:
        """What asks for something and is called by nobody is called in a way that is not understood."""
        left = [called for each in callers for called in self.calls(each)]
        seen = set()
        while left:
            one = left.pop()
            if one not in seen:
                seen.add(one)
                left += self.calls(one)
        lost = [each for each in self.all if each not in seen and self.own(each)]
        assert not lost, f"nobody is seen to call {[f'{each.file}: {each.name}' for each in lost]}"


def is_known(text: str, other: Function) -> bool:
    """Whether a function can be meant by its name: where its type is never named, it cannot."""
    return not other.owner or re.search(rf"\b{other.owner}\b", text) is not None


def without_mutations(functions: list[Function]) -> list[Function]:
    """What of the schema's code queries and subscriptions come to."""
    free = collections.defaultdict(list)
    for each in functions:
        if not each.owner:
            free[each.name].append(each)
    left = [each for each in functions if each.owner and not each.owner.endswith("Mutation")]
    seen = set()
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            for name in re.findall(r"\b(\w+)(?:::<[^>]*>)?\(", one.body):
                left += free.get(name, [])
    return sorted(seen)


def functions_of(folder: pathlib.Path) -> list[Function]:
    """The functions of a crate, without its tests. `cargo fmt` makes them easy to cut out."""
    found = []
    for path in sorted(folder.rglob("*.rs")):
        file = path.relative_to(folder)
        if not ELSEWHERE & set(file.parts) and path.name not in TEST_FILES:
            found += cut(str(file), lines_of(path))
    assert found, f"there is no code in {folder}"
    return found


def lines_of(path: pathlib.Path) -> list[str]:
    """The lines of a file, without what is there in tests only."""
    lines, kept, at = path.read_text().split("\n"), [], 0
    while at < len(lines):
        if re.match(r" *#\[cfg\(test\)\]$", lines[at]):
            end = end_of(lines, at)
            # Of what else stands under it, as a field does, the name is enough.
            at = end if end is not None else at
        else:
            kept.append(lines[at])
        at += 1
    return kept


ITEM = re.compile(r" *(?:pub(?:\([\w: ]+\))? )?(?:(?:const|async|unsafe) )*(?:fn|mod|impl|use|struct|enum|type)\b")
# What a loader of the schema reads: the method of the store stands at the end of its declaration.
LOADER = re.compile(r"^(?:together|one_by_one)!\((.*?)=> [^;]*?, (\w+)\n\);", re.MULTILINE | re.DOTALL)
# The handle of a tenant, on the way to a method.
OF_TENANT = re.compile(r"\s*\.\s*of\((?:[^()]|\(\))*\)")
FUNCTION = re.compile(r"^( *)(?:pub(?:\([\w: ]+\))? )?(?:const )?(?:async )?(?:unsafe )?fn (\w+)")


def cut(file: str, lines: list[str]) -> list[Function]:
    found, owner, at = [], "", 0
    for _, read in LOADER.findall("\n".join(lines)):
        found.append(Function(file, "Reader", "load", f"self.store.{read}("))
    while at < len(lines):
        line = lines[at]
        if (opened := re.match(r"impl(?:<[^>]*>)? (?:.* for )?(\w+)", line)) is not None:
            owner = opened[1]
        elif line == "}":
            owner = ""
        elif (begun := FUNCTION.match(line)) is not None:
            end = end_of(lines, at)
            assert end is not None, f"{file}: there is no end to {begun[2]}"
            body = "\n".join(line.split("//")[0] for line in lines[at : end + 1])
            found.append(Function(file, owner, begun[2], body))
            at = end
        at += 1
    return found


def end_of(lines: list[str], begin: int) -> int | None:
    """The last line of what begins in a line, after its attributes."""
    while lines[begin].strip().startswith(("#[", "//")):
        begin += 1
    if not ITEM.match(lines[begin]):
        return None
    indent = re.match(r" *", lines[begin])[0]
    for at in range(begin, len(lines)):
        line = lines[at]
        if at == begin and (line.endswith((";", "{}")) or re.search(r"\{.*\}$", line)):
            return at
        if at > begin and line.startswith(f"{indent}}}"):
            return at
        if at > begin and re.match(rf"{indent}\S.*;$", line):
            return at
    return None
