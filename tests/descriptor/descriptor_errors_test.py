"""What is wrong with files, together and alone: every message word by word, all of them in one run."""

import pytest
from reading import acl_lines, messages, understood

from kafka_gitops.descriptor.build import topology
from kafka_gitops.descriptor.removed import REMOVABLE
from kafka_gitops.errors import ConfigError
from kafka_gitops.settings import Dlq, Language, Naming
from kafka_gitops.text.source import parse

REMOVED = (*REMOVABLE, *(one.part.key for one in REMOVABLE.values() if one.part is not None))
NAMED = ", ".join(f'"{name}"' for name in REMOVABLE)
ONE = "context: c\nprojects:\n- name: p\n"


def in_project(text: str) -> list[str]:
    """The findings about a section of a project, without the path."""
    return [message.removeprefix("a.yaml:") for message in messages(understood(f"{ONE}  {text}\n"))]


def at_top(text: str) -> list[str]:
    """The findings about top-level keys of a file that declares something, without the path."""
    return [message.removeprefix("a.yaml:") for message in messages(understood(f"context: c\nprojects: []\n{text}\n"))]


def test_each_file_keeps_its_own_hierarchy() -> None:
    streams = "streams: [{principal: User:s, topics: {read: [r]}}]"
    found = understood(
        f"context: c\nsource: one\nprojects: [{{name: a, topics: [{{name: t}}], {streams}}}]",
        f"context: c\nregion: eu\nsource: two\nprojects: [{{name: b, topics: [{{name: t}}], {streams}}}]\n"
        "special_topics: [{name: late}]\nplatform: {schema_registry: {instances: [User:sr]}}",
    )
    assert messages(found) == []
    assert [topic.name for topic in found.topics] == ["c.one.a.t", "c.eu.two.b.t", "late"]
    assert [text for text in acl_lines(found) if "PREFIXED" in text] == [
        "User:s|GROUP|PREFIXED|c.eu.two.b.|READ|*",
        "User:s|GROUP|PREFIXED|c.one.a.|READ|*",
        "User:s|TOPIC|PREFIXED|c.eu.two.b.|ALL|*",
        "User:s|TOPIC|PREFIXED|c.one.a.|ALL|*",
    ]
    assert any("_schemas" in text for text in acl_lines(found))


def test_two_contexts() -> None:
    texts = ("context: one\nprojects: []", "context: two\nprojects: []")
    assert messages(understood(*texts)) == [
        'b.yaml:1:10: error context-conflict the context "two" differs from "one" in a.yaml:1:10'
        ' (keep one context for a directory, or set "contexts: many" in kafka-gitops.yaml)'
    ]
    assert messages(understood(*texts, settings=Language(many_contexts=True))) == []


def test_a_project_in_two_files() -> None:
    texts = ("context: c\nprojects: [{name: Pay}, {name: pay}]", "context: c\nprojects: [{name: PAY}]")
    assert messages(understood(*texts)) == [
        'b.yaml:2:19: error context-conflict the project "PAY" of context "c" is also in a.yaml:2:19'
        " (put it into one file)"
    ]


def test_one_run_reports_everything() -> None:
    found = understood(
        "context: c\nprojects:\n- {topics: [{name: lost}]}\n- name: ok\n  topics:\n  - {config: {}}\n  - name: good\n"
        "    config: {num.partitions: '0', replication.factor: x, cleanup.policy: [compact]}\n"
        "  consumers: [{group: g}, User:fine]\n",
        "",
        "a: [",
    )
    assert messages(found) == [
        'a.yaml:3:4: error missing-key a project needs the key "name"',
        'a.yaml:6:6: error missing-key a topic needs the key "name"',
        'a.yaml:8:30: error topic-partitions-invalid num.partitions is "0", expected a whole number of at least 1'
        " (write a number, or leave the key out: the broker decides)",
        'a.yaml:8:55: error topic-config-value replication.factor is "x", expected a whole number of at least 1'
        " (write a number, or leave the key out: the broker decides)",
        'a.yaml:8:75: error wrong-type found a list, expected text (write "compact")',
        'a.yaml:9:16: error missing-key a consumer needs the key "principal" (say who it is: principal: User:NAME)',
        "b.yaml:1:1: error nothing-declared the file is empty: it declares nothing"
        " (write a topology, or delete the file)",
        "c.yaml:1:5: error yaml-syntax the file ends too early: did not find expected node content"
        " (is something missing, or never closed?)",
    ]
    assert [(topic.name, topic.spec.partitions) for topic in found.topics] == [("c.ok.good", None)]
    assert {acl.principal for acl in found.acls} == {"User:fine"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("project: [a]", ['3:1: error unknown-key a topology file has no key "project" (did you mean "projects"?)']),
        ("project: a", []),
        ("offsets: [a]", ['3:1: error unknown-key top-level "offsets" is not supported yet'
                        ' (the name is reserved; as a part of the names it must be plain text)']),
        ("acls: {principals: [x]}", ["3:8: error wrong-type found a mapping, expected a list of bindings"
                                     ' (begin every entry with "- ")']),
        ("acls: [{principals: [User:a], topics: [t]}]",
         ['3:9: error missing-key an item of acls needs one of "allow" and "deny"'
          " (for example: allow: [READ, DESCRIBE])"]),
        ("acls: [{principals: [User:a], allow: [READ], deny: [READ], topics: [t]}]",
         ['3:9: error missing-key an item of acls needs one of "allow" and "deny", found both'
          " (for example: allow: [READ, DESCRIBE])"]),
        ("acls: [{principals: [User:a], allow: [READ]}]",
         ["3:9: error missing-key an item of acls needs at least one of delegation_tokens, groups, topics,"
          " transactional_ids, users, cluster: true (say what the principals may use)"]),
        ("acls: [{principals: [User:a], allow: [RAED], groups: [g]}]",
         ['3:39: error wrong-type Kafka has no operation "RAED" on a group (did you mean "READ"?)']),
        ("acls: [{principals: [User:a], allow: [WRITE], groups: [g]}]",
         ['3:39: error wrong-type Kafka has no operation "WRITE" on a group'
          " (a group knows ALL, ALTER_CONFIGS, DELETE, DESCRIBE, DESCRIBE_CONFIGS, READ)"]),
        ("acls: [{principal: User:a, allow: [READ], topics: [t]}]",
         ['3:9: error unknown-key an item of acls has no key "principal" (did you mean "principals"?; known keys:'
          " allow, cluster, delegation_tokens, deny, groups, hold, hosts, principals, topics, transactional_ids, users)"]),
        ("removed: [x]", ['3:11: error wrong-type found text, "x", expected a mapping (an item of removed)'
                          ' (write "topic: x")']),
        ("removed: [{topic: s, becuase: x}]\nspecial_topics: [{name: s}]",
         ['3:19: error topic-duplicate the topic "s" is both declared and removed, declared in a.yaml:4:25'
          " (delete one of the two)",
          '3:22: error unknown-key an item of removed has no key "becuase" (did you mean "because"?; known keys:'
          f" {', '.join(sorted((*REMOVED, 'acl', 'because', 'release')))})"]),
        ("removed: [{because: x}]", [f'3:12: error missing-key an item of removed needs one of {NAMED} and "acl"'
         ' (for example: {topic: acme.pay.old, because: "replaced, OPS-112"}, or {release: {project: pay}})']),
        ("removed: [{topic: a, acl: {principals: ['User:a'], allow: [READ], topics: [b]}}]",
         [f'3:12: error missing-key an item of removed needs one of {NAMED} and "acl", found both'
          " (write an item for each)"]),
        ("removed: [{acl: {principals: ['User:a'], allow: [READ], topics: [b]}, release: true}]", []),
        ("removed: [{release: {project: p}, version: 3}]",
         ['3:35: error unknown-key "version" names one resource, and "release" with a mapping names many'
          " (write an item for each)"]),
        ("removed: [{release: {project: p, topics: [a]}}]",
         ["3:22: error missing-key a release needs one of the two, found both a project and patterns"
          " (write an item for each)"]),
        ("removed: [{release: {context: c}}]",
         ["3:22: error missing-key a release needs a project or patterns"
          ' (for example: {project: pay}, or {topics: ["acme.pay.*"], groups: ["pay-*"]})']),
        ("removed: [{release: {context: c, topics: [a]}}]",
         ['3:22: error unknown-key "context" is for a project, and this release names patterns (delete it)']),
        ("removed: [{release: {cluster: [CREAT]}}]",
         ["3:32: error wrong-type found text, \"CREAT\", expected one of ALL, ALTER, ALTER_CONFIGS, CLUSTER_ACTION,"
          ' CREATE, DESCRIBE, DESCRIBE_CONFIGS, IDEMPOTENT_WRITE (did you mean "CREATE"?)']),
        ("removed: [{release: {topics: ['t*'], groups: [g]}}, {topic: t2}]\nspecial_topics: [{name: t1}]\n"
         "acls: [{principals: ['User:a'], allow: [READ], groups: [g]}]",
         ['3:22: error resource-duplicate "topic t1" (and 1 more) are both let go of and declared, declared in'
          " a.yaml:4:19 (delete one of the two)",
          '3:22: error resource-duplicate "topic t2" is both let go of and deleted, deleted in a.yaml:3:54'
          " (delete one of the two)"]),
        ("removed: [{acl: {principals: ['User:a'], topics: [b]}}]",
         ['3:18: error missing-key an acl to remove needs one of "allow" and "deny"'
          " (for example: allow: [READ, DESCRIBE])"]),
        ("removed: [{acl: {principals: ['User:a'], deny: [READ]}}]",
         ["3:18: error missing-key an acl to remove needs at least one of delegation_tokens, groups, topics,"
          " transactional_ids, users, cluster: true (say what the principals may use)"]),
        ("removed: [{acl: {allow: [RAED], topics: [b]}}]",
         ['3:18: error missing-key an acl to remove needs the key "principals"',
          '3:26: error wrong-type Kafka has no operation "RAED" on a topic (did you mean "READ"?)']),
        ("removed: [{acl: x}]", ['3:17: error wrong-type found text, "x", expected a mapping (an acl to remove)'
                                 ' (write "principals: x")']),
        ("acls: [{principals: ['User:a'], allow: [READ, WRITE], topics: [b]}]\n"
         "removed: [{acl: {principals: ['User:a'], allow: [READ, ALL], topics: [b, c]}}]",
         ['4:18: error acl-still-given "User:a may READ topic b" is both given and removed, given by the acl entry in'
          " a.yaml:3:9 (delete one of the two)"]),
        ("access: [{can: read}]", ['3:11: error missing-key an item of access needs the key "principal"'
                                  " (say who it is: principal: User:NAME)"]),
        ("platform: {kafka_conect: {}}", ['3:12: error unknown-key platform has no key "kafka_conect" (did you mean'
         ' "kafka_connect"?; known keys: control_center, kafka, kafka_connect, ksql, schema_registry)']),
    ],
)  # fmt: skip
def test_top_level(text: str, expected: list[str]) -> None:
    assert at_top(text) == expected


KNOWN = "known keys: acls, connectors, consumers, ksql, name, producers, quotas, rbac, schemas, streams, topics, users"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("consumer: [User:a]", f'4:3: error unknown-key a project has no key "consumer", and no custom role has that'
         f' name (did you mean "consumers"?; {KNOWN}; no roles file is configured: "roles: FILE" in kafka-gitops.yaml names one)'),
        ("topics: [{name: t, retention.ms: 1}]", '4:22: error unknown-key a topic has no key "retention.ms" (it'
         ' belongs under "config" as retention.ms; known keys: config, consumers, dataType, hold, keyed, metadata, name,'
         ' plan, producers, protected, schemas, subject.name.strategy)'),
        ("topics: [{name: t, keyed: maybe}]",
         '4:29: error wrong-type found text, "maybe", expected true or false'),
        ("topics: [{name: t, schemas: a.avsc}]",
         '4:31: error wrong-type found text, "a.avsc", expected a mapping or a list of mappings with value.schema.file'),
        ("topics: [{name: 2020-01-01}]", "4:19: warning unquoted-oddity plain 2020-01-01 is a date for some YAML"
         ' readers (write "2020-01-01")'),
        ("consumers: [{principal: User:a, group: 0777}]",
         '4:42: warning unquoted-oddity plain 0777 is read as "511" (write "0777" if that is meant, "511" otherwise)'),
        ("streams: [{principal: User:a, topics: {raed: [a]}}]",
         '4:42: error unknown-key "topics" of a streams application has no key "raed" (did you mean "read"?; known keys:'
         " read, write)"),
    ],
)  # fmt: skip
def test_project(text: str, expected: str) -> None:
    assert in_project(text)[0] == expected


def test_connect_servers() -> None:
    text = f"{ONE}  connectors: {{artefacts: [{{path: x.json, server: conect, name: n}}]}}\n"
    assert messages(understood(text, settings=Language(connect_servers=("connect",)))) == [
        'a.yaml:4:51: error unknown-key there is no Connect cluster "conect": configured are connect'
        ' (did you mean "connect"?)'
    ]
    assert messages(understood(text, settings=Language(connect_servers=("conect",)))) == []


def test_artefacts() -> None:
    files = {
        "a.json": "{",
        "ok.json": f'{{"x": {"1" * 5000}}}',
        "a.sql": "SELECT 'x;",
        "a.proto": "message A { // }\n",
        "ok.sql": "-- it's\nSELECT 'a''b';",
    }
    text = (
        f"{ONE}  connectors: {{artefacts: [{{path: a.json, server: s, name: n}}, {{path: ok.json, server: s, name: m}}]}}\n"
        "  ksql: {artefacts: {streams: [{path: a.sql, name: A}, {path: ok.sql, name: B}]}}\n"
        "  topics: [{name: t, schemas: {value.schema.file: a.proto, value.format: PROTOBUF, key.schema.file: none}}]\n"
    )

    def read(topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        return (files[path], None) if path in files else (None, f"not beside {topology}")

    language = Language(connect_servers=("s",))
    found = topology({"a.yaml": parse("a.yaml", text)}, language, read=read)
    assert messages(found) == [
        "a.json:1:2: error artefact-syntax this is not JSON: expecting property name enclosed in double quotes",
        'a.proto:1:11: error artefact-syntax this "{" is never closed',
        "a.sql:1:8: error artefact-syntax this quote is never closed",
        "a.yaml:5:33: warning not-managed 2 files of ksqlDB are not managed: no run creates, changes or deletes a stream or a table (deploy them with ksqlDB's own tools; the ACLs of its users are managed)",
        "a.yaml:6:101: error artefact-not-found none: not beside a.yaml (the path is relative to the topology directory)",
    ]


def test_plans() -> None:
    plans = "plans:\n  gold: {config: {num.partitions: x}, foo: 1}\nmore: 1\n"
    assert messages(understood(f"{ONE}  topics: [{{name: t, plan: glod}}]", plans=plans)) == [
        'a.yaml:4:28: error unknown-key there is no plan "glod" (did you mean "gold"?)',
        'plans.yaml:2:35: error topic-partitions-invalid num.partitions is "x", expected a whole number of at least 1'
        " (write a number, or leave the key out: the broker decides)",
        'plans.yaml:2:39: error unknown-key a plan has no key "foo" (known keys: alias, config)',
        'plans.yaml:3:1: error unknown-key a plans file has no key "more" (known keys: plans)',
    ]
    assert messages(understood(ONE, plans=""))[0].startswith("plans.yaml:1:1: error missing-key a plans file needs")


def test_roles() -> None:
    acl = "{resourceType: Subject, resourceName: 'x{{', patternType: Literal, host: '*', permissionType: DENY}"
    roles = f"roles:\n- name: app\n  acls:\n  - {acl}\n- {{name: app, acls: []}}\n- {{name: bad, acls: [{acl}]}}\n"
    found = messages(understood(f"{ONE}  bad: [{{principal: User:a}}, User:b]\n  ap: [x]", roles=roles))
    assert found == [
        'a.yaml:4:30: error wrong-type found text, "User:b", expected a mapping (a custom role\'s user)'
        ' (write "principal: User:b")',
        'a.yaml:5:3: error unknown-key a project has no key "ap", and no custom role has that name'
        f' (did you mean "app"?; {KNOWN}; roles defined: app, bad)',
        'roles.yaml:5:10: error duplicate-key the role "app" is there twice (keep one)',
        'roles.yaml:6:23: error missing-key a role\'s acl needs the key "operation"',
        'roles.yaml:6:37: error wrong-type found resourceType "Subject", expected one of CLUSTER, DELEGATION_TOKEN,'
        " GROUP, TOPIC, TRANSACTIONAL_ID, USER (it exists only with RBAC, which is not supported)",
        'roles.yaml:6:80: error wrong-type found patternType "Literal", expected one of LITERAL, PREFIXED',
        'roles.yaml:6:116: error wrong-type found permissionType "DENY", expected ALLOW: a custom role always allows'
        ' (write a denial under "acls" with "deny")',
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("{{", "cannot be read: unexpected 'end of template'"),
        (
            "{% for x in y %}{% endfor %}",
            "cannot be read: For is not allowed: only variables, conditions and filters are",
        ),
        ("{{ topic.__class__() }}", "cannot be read: Call is not allowed: only variables, conditions and filters are"),
        ("{{ topic * 9999999999 }}", "cannot be read: Mul is not allowed: only variables, conditions and filters are"),
        ("{{ topic | attr('x') }}", "cannot be read: No filter named 'attr'."),
        ("{{ " + "(" * 400 + "topic" + ")" * 400 + " }}", "cannot be read: it is nested too deep"),
        ("{{ " + "not " * 250 + "topic }}", "cannot be read: it is nested too deep"),
        ("{{ topic + 1 }}", 'cannot be rendered: can only concatenate str (not "int") to str'),
    ],
)
def test_templates_are_kept_small(name: str, said: str) -> None:
    roles = (
        "roles:\n- name: app\n  acls:\n"
        f'  - {{resourceType: TOPIC, resourceName: "{name}", patternType: LITERAL, host: "*", operation: READ}}\n'
    )
    (message,) = messages(understood(f"{ONE}  app: [{{principal: User:a}}]", roles=roles))
    assert message.startswith(f'roles.yaml:4:41: error wrong-type the template "{name}" {said}')


@pytest.mark.parametrize(
    "naming",
    [Naming(topic="{{ topic"), Naming(project="{% x %}"), Naming(dlq=Dlq(generate=True, allow=("(",)))],
)
def test_a_format_that_cannot_be_used_is_a_config_error(naming: Naming) -> None:
    with pytest.raises(ConfigError):
        understood(f"{ONE}  topics: [{{name: t}}]", settings=Language(naming))


def test_a_missing_variable_renders_empty_and_a_long_name_is_refused() -> None:
    found = understood(f"{ONE}  topics: [{{name: t}}]", settings=Language(Naming(topic="{{nothing}}x{{topic}}")))
    assert [topic.name for topic in found.topics] == ["xt"]
    with pytest.raises(ConfigError, match="a replacement grows too long"):
        long = "{{ topic | replace('t', '" + "t" * 900 + "') | replace('t', '" + "t" * 900 + "') }}"
        understood(f"{ONE}  topics: [{{name: t}}]", settings=Language(Naming(topic=long)))
