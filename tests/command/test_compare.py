"""Why one environment is not as another: told from their YAML alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from jsonschema import Draft202012Validator

from reconciler.compare import explained
from reconciler.compare.comparison import compare
from reconciler.load import Declared, load
from tests.command.running import command

PROJECT = Path(__file__).parents[2]
DESIRED = PROJECT / "desired"
SCHEMA = json.loads((PROJECT / "schemas" / "comparison.json").read_text())
PROD = """
ec2.vpc: {Main: {CidrBlock: 10.1.0.0/16}}
ecr.repository: {app: {imageScanningConfiguration: {scanOnPush: true}}}
rds.db_subnet_group:
  data:
    DBSubnetGroupDescription: Private
    SubnetIds: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']
ec2.subnet:
  a: {VpcId: '${ec2.vpc/Main.VpcId}', CidrBlock: 10.1.0.0/24, AvailabilityZone: '${env.zones[0]}'}
  b: {VpcId: '${ec2.vpc/Main.VpcId}', CidrBlock: 10.1.1.0/24, AvailabilityZone: '${env.zones[1]}'}
"""
UAT = PROD.replace("10.1.", "10.2.").replace("Main", "uat-main")
ROWS = """
environments: [prod, uat]
pairs:
  ec2.vpc: {Main: uat-main}
rows:
  Network:
    - {why: UAT has a range of its own, of: 'ec2.*', at: CidrBlock, prod: 10.1.*, uat: 10.2.*}
"""


@pytest.fixture
def beside(tmp_path):
    """Two environments of this YAML, and how they compare by these rows."""

    def beside(prod=PROD, uat=UAT, rows=ROWS, *more):
        for name, text, region in (("prod", prod, "eu-central-1"), ("uat", uat, "me-central-1")):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "it.yaml").write_text(text)
            (tmp_path / name / "environment.yaml").write_text(
                f"account: '{'1' if name == 'prod' else '2'}23456789012'\nregion: {region}\n"
                f"zones: [{region}a, {region}b]\nlists: at_least\n"
            )
        (tmp_path / "differences.yaml").write_text(rows)
        return command("compare", "prod", "uat", "--desired", str(tmp_path), *more)

    return beside


def findings(ran):
    return [(each["address"], each["path"]) for each in ran.document["findings"]]


def told(ran):
    return " ".join(ran.out.split())


def test_every_difference_of_the_real_ones_has_its_reason():
    ran = command("compare", "prod", "uat", "--desired", str(DESIRED))
    assert (ran.code, ran.calls) == (0, []), ran.out + ran.err
    assert "Every difference has its reason." in told(ran)
    assert "No Datadog in UAT; CloudWatch has the logs." in told(ran)


@pytest.mark.parametrize("name", ["prod", "uat"])
def test_whatever_comes_to_one_of_the_real_ones_or_goes_is_told(name):
    sides = {each: load(DESIRED, each) for each in ("prod", "uat")}
    known, whole = explained.explained(DESIRED), sides[name].resources
    for address in {each.partition("/")[0]: each for each in whole}.values():
        fewer = {each: one for each, one in whole.items() if each != address}
        for other in (fewer, {**whole, f"{address}-2": whole[address]}):
            changed = {**sides, name: Declared(sides[name].environment, other)}
            assert not compare(changed["prod"], changed["uat"], known).clean, address


def test_what_is_explained_is_told_below_its_heading(beside):
    ran = beside()
    assert (ran.code, ran.calls) == (0, []), ran.out + ran.err
    assert "Network 3 UAT has a range of its own ec2.subnet/a, ec2.subnet/b, ec2.vpc/Main" in told(
        ran
    )
    assert "5 pairs, 2 of them alike" in told(ran)


def test_each_difference_is_shown_to_who_wants_it(beside):
    ran = beside(PROD, UAT, ROWS, "--verbose")
    assert "ec2.vpc/Main CidrBlock: 10.1.0.0/16 (prod) → 10.2.0.0/16 (uat)" in told(ran)


def test_a_difference_without_a_reason_is_a_finding_with_places_and_a_row_to_paste(
    beside, tmp_path
):
    ran = beside(uat=UAT.replace("scanOnPush: true", "scanOnPush: false"))
    assert ran.code == 2
    page = told(ran)
    assert "imageScanningConfiguration.scanOnPush: true (prod) → false (uat)" in page
    assert re.search(rf"{tmp_path}/prod/it.yaml:3:\d+ and {tmp_path}/uat/it.yaml:3:\d+", page)
    pasted = ran.out[ran.out.index("      - why") : ran.out.index("5 pairs")]
    path = "imageScanningConfiguration.scanOnPush"
    row = {"why": "…", "of": "ecr.repository/app", "at": path, "prod": "true", "uat": "false"}
    assert yaml.safe_load(dedent(pasted)) == [row]
    rows = f"{ROWS}  Images:\n{pasted.replace('…', 'Nobody scans UAT')}"
    assert beside(uat=UAT.replace("scanOnPush: true", "scanOnPush: false"), rows=rows).code == 0


def test_a_row_to_paste_holds_where_one_of_them_says_nothing(beside):
    uat = UAT.replace("{imageScanningConfiguration: {scanOnPush: true}}", "{}")
    ran = beside(uat=uat)
    assert (ran.code, '{"scanOnPush": true} (prod) → nothing (uat)' in told(ran)) == (2, True)
    pasted = ran.out[ran.out.index("      - why") : ran.out.index("5 pairs")]
    rows = f"{ROWS}  Images:\n{pasted.replace('…', 'Nobody scans UAT')}"
    assert beside(uat=uat, rows=rows).code == 0


def test_a_value_that_the_row_does_not_expect_is_a_finding_that_names_the_row(beside, tmp_path):
    ran = beside(PROD, UAT.replace("10.2.1.0", "10.3.1.0"), ROWS, "--output", "json")
    assert (ran.code, findings(ran)) == (2, [("ec2.subnet/b", "CidrBlock")])
    assert ran.document["findings"][0]["nearly"] == f"{tmp_path}/differences.yaml:7:7"
    page = told(beside(PROD, UAT.replace("10.2.1.0", "10.3.1.0"), ROWS))
    near = (
        f"{tmp_path}/differences.yaml:7:7 expects 10.1.* (prod) and 10.2.* (uat): UAT has a range"
    )
    assert near in page
    assert "explains nothing" not in told(beside(PROD, UAT.replace("10.2.", "10.3."), ROWS))


@pytest.mark.parametrize(
    ("uat", "rows"),
    [
        (UAT, ROWS),
        (UAT.replace("scanOnPush: true", "scanOnPush: false"), ROWS),
        (
            UAT + "\necs.cluster: {extra: {}}\n",
            ROWS.replace("rows:", "  ecs.cluster: {a: b}\nrows:"),
        ),
        (UAT.replace("10.2.", "10.3."), ROWS),
    ],
)
def test_what_programs_read_is_as_its_schema_says(beside, uat, rows):
    Draft202012Validator.check_schema(SCHEMA)
    schema = Draft202012Validator(SCHEMA)
    document = beside(PROD, uat, rows, "--output", "json").document
    schema.validate(document)
    assert not schema.is_valid({**document, "more": 1})
    each = {
        "address": "a.b/c",
        "other": "",
        "path": "",
        "values": {},
        "only": "",
        "sources": ["f:1"],
    }
    assert schema.is_valid({**document, "findings": [{**each, "nearly": ""}]})
    assert not schema.is_valid({**document, "findings": [each]})
    assert not schema.is_valid({**document, "findings": [{**each, "nearly": "", "more": 1}]})


def test_what_the_first_one_states_nothing_of_is_counted_and_told(beside):
    uat = UAT.replace("{scanOnPush: true}", "{scanOnPush: true}, imageTagMutability: IMMUTABLE")
    ran = beside(PROD, uat, ROWS, "--verbose")
    assert ran.code == 0
    assert "uat declares and prod states nothing of ecr.repository: imageTagMutability" in told(ran)
    assert "uat, which declares 1 properties more of which prod states nothing" in told(ran)
    unstated = beside(PROD, uat, ROWS, "--output", "json").document["unstated"]
    assert unstated == {"ecr.repository/app": ["imageTagMutability"]}


def test_a_page_holds_twenty_findings(beside):
    extra = "\necs.cluster:\n" + "".join(f"  c{n}: {{}}\n" for n in range(23))
    ran = beside(PROD, UAT + extra, ROWS)
    assert (ran.code, ran.out.count("only uat has it")) == (2, 20)
    assert "and 3 more: --verbose shows them" in ran.out
    assert beside(PROD, UAT + extra, ROWS, "--verbose").out.count("only uat has it") == 23


def test_the_first_row_that_fits_is_the_reason(beside):
    special = "    - {why: This one is special, of: ec2.subnet/b, at: CidrBlock}\n"
    rows = ROWS.replace("  Network:\n", f"  Network:\n{special}")
    assert "1 This one is special ec2.subnet/b" in told(beside(rows=rows))
    ran = beside(rows=ROWS + special)
    assert (ran.code, "differences.yaml:8:7 explains nothing" in told(ran)) == (2, True)


def test_references_agree_where_they_name_a_pair(beside):
    assert findings(beside(PROD, UAT, ROWS, "--output", "json")) == []
    moved = UAT.replace("SubnetIds: ['${ec2.subnet/a.SubnetId}'", "SubnetIds: ['x'")
    ran = beside(PROD, moved, ROWS, "--output", "json")
    assert findings(ran) == [("rds.db_subnet_group/data", "SubnetIds")]
    assert ran.document["findings"][0]["values"]["prod"] == ["${ec2.subnet/a.SubnetId}"]


def test_zones_and_regions_and_accounts_are_those_of_each(beside):
    wrong = UAT.replace("${env.zones[0]}", "me-central-1c")
    ran = beside(PROD, wrong, ROWS, "--output", "json")
    assert findings(ran) == [("ec2.subnet/a", "AvailabilityZone")]


def test_what_only_a_creation_uses_states_nothing(beside):
    initial = PROD.replace(
        "{imageScanningConfiguration: {scanOnPush: true}}",
        "{$initial: {imageScanningConfiguration: {scanOnPush: false}}}",
    )
    assert beside(prod=initial).code == 0


@pytest.mark.parametrize(("more", "name"), [("prod", "prod"), ("uat", "uat")])
def test_what_only_one_of_them_has_is_a_finding_until_a_row_says_why(beside, more, name):
    extra = "\necs.cluster: {extra: {}}\n"
    prod, uat = (PROD + extra, UAT) if more == "prod" else (PROD, UAT + extra)
    ran = beside(prod, uat, ROWS)
    assert ran.code == 2
    assert f"only {name} has it" in told(ran)
    because = "  Tasks:\n    - {why: Only one of them has tasks, of: ecs.*, only: %s, count: %s}\n"
    assert beside(prod, uat, ROWS + because % (name, 1)).code == 0
    wrong = beside(prod, uat, ROWS + because % (name, 2))
    assert wrong.code == 2
    assert "says that it explains 2 differences and explains 1" in told(wrong)


def test_a_row_and_a_pair_that_explain_nothing_any_more_are_told_with_their_line(beside, tmp_path):
    rows = ROWS.replace("rows:", "  ecs.cluster: {a: b}\nrows:")
    ran = beside(PROD, UAT, rows + "    - {why: No tasks at all, of: ecs.*, only: uat}\n")
    assert ran.code == 2
    assert f"{tmp_path}/differences.yaml:5:20 pairs nothing (any more)" in told(ran)
    assert f"{tmp_path}/differences.yaml:9:7 explains nothing (any more)" in told(ran)


@pytest.mark.parametrize(
    ("row", "idle"),
    [
        ("of: [ec2.*, ecs.*], at: CidrBlock", "ecs.*"),
        ("of: ec2.*, at: [CidrBlock, Tags]", "Tags"),
        ("of: ec2.*, at: CidrBlock, uat: [10.2.*, 10.9.*]", "10.9.*"),
    ],
)
def test_a_pattern_that_fits_nothing_any_more_is_told(beside, row, idle):
    rows = f"{ROWS[: ROWS.index('    -')]}    - {{why: A range of its own, {row}}}\n"
    ran = beside(rows=rows)
    assert (ran.code, findings(beside(PROD, UAT, rows, "--output", "json"))) == (2, [])
    assert f"differences.yaml:7:7 {idle} in it explains nothing (any more)" in told(ran)


WRONG = {
    "wide addresses": ("of: '*', only: uat", "is so wide that it would explain whatever comes"),
    "wide properties": ("of: ec2.*, at: '*'", "is so wide that it would explain whatever comes"),
    "nearly all": ("of: '*.*/*', at: CidrBlock", "is so wide that it would explain"),
    "all below": ("of: ec2.*, at: ['*.*', CidrBlock]", "is so wide that it would explain"),
    "neither": ("of: ec2.vpc/*", "says neither `at`, which properties differ, nor `only`"),
    "both": ("of: ec2.vpc/*, at: x, only: uat", "means nothing for a resource that has no"),
    "another": ("of: ec2.vpc/*, only: dev", "is dev, which is none of prod and uat"),
    "a typo": ("of: ec2.vpc/*, at: x, prd: y", "is none of at, count, of, only, prod, uat, why"),
    "no address": ("only: uat", "lacks of; add it"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_row_that_cannot_be_right_is_refused_with_its_place(beside, tmp_path, case):
    row, says = WRONG[case]
    ran = beside(PROD, UAT, f"{ROWS}    - {{why: A reason of words, {row}}}\n")
    assert (ran.code, ran.out) == (1, ""), ran.err
    assert f"{tmp_path}/differences.yaml:8:" in ran.err
    assert says in ran.err


def test_an_unknown_type_and_a_file_that_is_no_yaml(beside):
    assert "Did you mean ec2.vpc?" in beside(rows=ROWS.replace("ec2.vpc:", "ec2.vcp:")).err
    broken = beside(rows="environments: [prod\n")
    assert (broken.code, "is not YAML" in broken.err) == (1, True)
    empty = beside(rows="")
    assert (empty.code, "must be one mapping" in empty.err) == (1, True)


def test_another_pair_than_the_file_explains_is_refused(beside, tmp_path):
    beside()
    ran = command("compare", "uat", "prod", "--desired", str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "write muvi-converge compare prod uat" in ran.err
    ran = command("compare", "prod", "dev", "--desired", str(tmp_path))
    assert ran.code == 1
