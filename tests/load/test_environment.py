"""environment.yaml: what it says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import InvalidDesired
from reconciler.load import Input, Policy, load
from reconciler.model import Action, Source

NET = "shop.net: {main: {Range: 10.0.0.0/16}}\n"
HERE = Source("environment.yaml", 1)


def written(more=""):
    return f"account: 011566070219\nregion: eu-central-1\n{more}\n"


def environment(declared, more=""):
    return declared(NET, environment=written(more)).environment


def test_the_least_that_an_environment_says(declared, tmp_path):
    least = environment(declared)
    assert (least.name, least.account, least.region) == ("test", "011566070219", "eu-central-1")
    assert least.regions == {"main": "eu-central-1"}
    assert least.exact is False
    assert least.folder.resolve() == tmp_path / "desired/test"


def test_moving_to_another_region_changes_one_line(declared):
    more = 'zones: ["${env.region}a", "${env.region}b"]\nregions: {edge: us-east-1}'
    moved = environment(declared, more)
    assert moved.zones == ["eu-central-1a", "eu-central-1b"]
    assert moved.regions == {"edge": "us-east-1", "main": "eu-central-1"}


def test_everything_else_an_environment_may_say(declared):
    said = environment(
        declared,
        """
lists: exact
tags: {Environment: "${env.name}", Owner: platform}
role: arn:aws:iam::011566070219:role/deploy
limits: {delete: 3, replace: 0, change: 100}
outputs: {net: "${shop.net/main.NetId}"}
terraform: ["s3://states/prod.tfstate"]
values: {domain: example.com}
notify: {sns: "arn:aws:sns:eu-central-1:011566070219:alarms", metrics: true, webhook: null}
tables: {ports: {web: 80}}""",
    )
    assert said.exact is True
    assert said.tags == {"Environment": "test", "Owner": "platform"}
    assert said.limits == {"delete": 3, "replace": 0, "change": 100}
    assert said.outputs == {"net": "${shop.net/main.NetId}"}
    assert said.terraform == ["s3://states/prod.tfstate"]
    assert said.tables == {"ports": {"web": 80}}
    topic = "arn:aws:sns:eu-central-1:011566070219:alarms"
    assert said.notify == {"sns": topic, "metrics": True}
    assert said.role.endswith("role/deploy")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("acount: x", "acount is no property here, so it would do nothing. Did you mean accou"),
        ("lists: exactly", "write exact, at_least. Did you mean exact?"),
        ("zones: [eu-central-1]", "zones[0] is “eu-central-1”"),
        ("regions: {edge: Virginia}", "regions.edge is “Virginia”"),
        ("regions: {gulf: me-south-1}\nsparse: {golf: [shop.net]}", "Did you mean gulf?"),
        ("regions: {gulf: me-south-1}\nsparse: {gulf: [shop.nte]}", "Did you mean shop.net?"),
        ("role: admin", "it takes the ARN of a role"),
        ("role: arn:aws:iam::210987654321:role/x", "role is of another account than 0115660702"),
        ("limits: {delete: many}", "limits.delete must be a whole number"),
        ("limits: {deletes: 1}", "Did you mean delete?"),
        ("policy: {delete: never}", "policy.delete is “never”"),
        ("policy: {deleet: apply}", "no kind of action and no type. Did you mean delete?"),
        ("policy: {shop.stroe: {all: refuse}}", "policy.shop.stroe is no kind of action and no"),
        ("policy: {shop.store: {delet: refuse}}", "Did you mean delete?"),
        ("policy: {shop.store: never}", "policy.shop.store is “never”"),
        ("policy: {shop.net/mian: apply}", "shop.net/mian is not declared, so its policy would"),
        ("policy: {shop.ent/main: apply}", "policy.shop.ent/main is no kind of action and no type"),
        ("terraform: ['s3://states']", "terraform[0] is s3://states, which names no object"),
        ("inputs: {tag: {default: x}}", "inputs.tag says no source"),
        ("inputs: {tag: {env: GITHUB_TOKEN}}", "inputs.tag.env is GITHUB_TOKEN. A machine's"),
        ("inputs: {tag: {env: AWS_MUVI_KEY}}", "call it MUVI_… and set that"),
        ("inputs: {tag: {file: /proc/self/environ}}", "inputs.tag.file is /proc/self/environ, wh"),
        ("inputs: {tag: {file: ../../.git/config}}", "give it in a variable (`env`)"),
        ("inputs: {tag: SHOP_TAG}", "inputs.tag must be a mapping"),
        ("tags: {aws:x: y}", "tags.aws:x is not for you to write"),
        ("zones: ['${env.nothing}']", "environment.yaml has no nothing. Add it there, or write"),
        ("values: {a: '${env.values.b}', b: '${env.region}'}", "itself needs ${env.x}"),
        ("tables: {a: x}", "tables.a must be a mapping"),
        ("notify: {sms: x}", "sms is no property here, so it would do nothing"),
        ("notify: {metrics: sure}", "notify.metrics must be true or false"),
        ("notify: {sns: alarms}", "notify.sns is “alarms”, no ordinary topic's ARN; write that"),
        ("notify: {sns: 'arn:aws:sns:eu-central-1:123456789012:a.fifo'}", "no ordinary topic's"),
        ("notify: {sns: '${input.topic}'}", "no ordinary topic's ARN"),
        ("notify: {sns: '${shop.net/main.NetId}'}", "no ordinary topic's ARN"),
        ("notify: {sns: '${sns.topic/a.fifo.TopicArn}'}", "no ordinary topic's ARN"),
        ("notify: {sns: '${sns.topic/a.TopicArn}'}", "notify.sns: refers to"),
        ("notify: {webhook: '${input.slack}'}", "${input.slack} is not in environment.yaml"),
        ("notify: {webhook: 'https://x/s3cr3t'}", "notify.webhook must not stand here: whoever"),
        ("notify: {webhook: 'https://x/${input.slack}'}", "notify.webhook must not stand here"),
        (
            "values: {x: 'https://x/s3cr3t'}\nnotify: {webhook: '${env.values.x}'}",
            "notify.webhook must not stand here",
        ),
        (
            "inputs: {slack: {env: MUVI_SLACK, default: 'https://x/s3cr3t'}}\n"
            "notify: {webhook: '${input.slack}'}",
            "inputs.slack.default must not stand here: whoever reads this file",
        ),
    ],
)
def test_what_an_environment_may_not_say(problems, more, message):
    found = problems(NET, environment=written(more))
    assert "desired/test/environment.yaml:" in found
    assert message in found
    assert "s3cr3t" not in found


def test_an_input_may_lie_beside_the_files_and_not_behind_a_link(problems, declared, tmp_path):
    more = "inputs: {tag: {file: tag.txt}}"
    assert environment(declared, more).inputs["tag"].file == Path("desired/test/tag.txt")
    (tmp_path / "desired/test/tag.txt").symlink_to("/etc/passwd")
    assert "which is outside" in problems(NET, environment=written(more))


def test_account_and_region_are_required(problems):
    found = problems(NET, environment="lists: exact\n")
    assert "lacks account" in found
    assert "lacks region" in found


def test_an_input_comes_from_its_variable_else_its_file_else_its_default(tmp_path):
    file = tmp_path / "tag"
    value = Input("tag", HERE, variable="TAG", file=file, default="none").value
    assert value({}) == "none"
    file.write_text("of the file")
    assert value({}) == "of the file"
    assert value({"TAG": "of the variable"}) == "of the variable"


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [({"variable": "TAG"}, "set the environment variable TAG"), ({"file": HERE}, "put it into")],
)
def test_an_input_without_a_value_says_what_to_do(asked, remedy, tmp_path):
    if "file" in asked:
        asked = {"file": tmp_path / "none"}
    with pytest.raises(InvalidDesired, match=f"input tag .*first image.* needs.*{remedy}"):
        Input("tag", HERE, description="the first image", **asked).value({})


def test_an_input_that_is_no_text_says_so(tmp_path):
    (tmp_path / "tag").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidDesired, match="cannot be read"):
        Input("tag", HERE, file=tmp_path / "tag").value({})


def test_inputs_are_not_asked_for_while_loading(declared):
    resources = declared("shop.net: {main: {Range: '${input.tag}'}}\n").resources
    assert resources["shop.net/main"].properties == {"Range": "${input.tag}"}


def test_an_input_may_be_given_by_the_caller(declared, tmp_path):
    declared(NET)
    inputs = load(tmp_path / "desired", "test", {"tag": "given"}).environment.inputs
    assert inputs["tag"].value({}) == "given"


def test_the_nearest_word_of_a_policy_counts():
    policy = Policy(
        "ask",
        {"update": "refuse"},
        {"holds_data": {"update": "ask"}, "rds.db_cluster": {"delete": "apply", "all": "refuse"}},
    )
    assert policy.says("ecs.service", Action.CREATE) == "ask"
    assert policy.says("ecs.service", Action.UPDATE) == "refuse"
    assert policy.says("s3.bucket", Action.UPDATE, holds_data=True) == "ask"
    assert policy.says("rds.db_cluster", Action.DELETE, holds_data=True) == "apply"
    assert policy.says("rds.db_cluster", Action.UPDATE, holds_data=True) == "refuse"


def test_a_type_or_one_address_is_moved_to_enforcement_by_a_word(declared):
    policy = environment(
        declared,
        "policy: {all: refuse, shop.store: {update: apply}, shop.net: ask, shop.net/main: apply}",
    ).policy
    assert policy.says("shop.store/web", Action.UPDATE) == "apply"
    assert policy.says("shop.store/web", Action.CREATE) == "refuse"
    assert policy.says("shop.net/main", Action.CREATE) == "apply"
    assert policy.says("shop.net/other", Action.CREATE) == "ask"
    assert policy.says("shop.vault/safe", Action.CREATE) == "refuse"


def test_data_is_not_thrown_away_unless_the_policy_says_so():
    assert Policy().says("s3.bucket", Action.DELETE, holds_data=True) == "refuse"
    assert Policy().says("s3.bucket", Action.REPLACE, holds_data=True) == "refuse"
    assert Policy().says("s3.bucket", Action.UPDATE, holds_data=True) == "apply"
    assert Policy().says("ecs.service", Action.DELETE) == "apply"
    said = Policy(types={"holds_data": {"all": "ask"}})
    assert said.says("s3.bucket", Action.DELETE, holds_data=True) == "ask"


def test_an_environment_that_refuses_everything_only_watches(declared):
    assert environment(declared, "policy: {all: refuse}").policy.watches
    assert not environment(
        declared, "policy: {all: refuse, shop.net: {create: apply}}"
    ).policy.watches
    assert not environment(declared).policy.watches


def test_an_empty_variable_says_nothing():
    """A pipeline sets one for every variable it was told of, whether it knows a value or not."""
    asked = Input("tag", HERE, variable="MUVI_TAG", default="uat")
    assert (asked.value({"MUVI_TAG": ""}), asked.value({"MUVI_TAG": "v1"})) == ("uat", "v1")
