"""No report shows what the facts call secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.handler import Handler
from reconciler.model import UNKNOWN, Action, Wait
from reconciler.report import json, markdown, text
from reconciler.report.secrets import Masker, masked
from reconciler.result import Fate, Outcome
from tests.report import runs
from tests.report.runs import decision, result

SECRET = "correct-horse"


class Function(Handler):
    secret = {"Environment.Variables", "Origins.Items.Headers.Items.Value"}
    write_only = {"Password"}


def hidden(path, before, after=None):
    """The one difference, as it may be shown."""
    changed = decision("lambda.function/a", Action.UPDATE, "", (path, before, after))
    (shown,) = Masker(b"salt").mask(changed, Function).diff
    return shown


@pytest.mark.parametrize("dry", [True, False])
@pytest.mark.parametrize("secret", runs.PLANTED)
def test_planted_secrets_are_in_no_report(secret, dry):
    run = runs.everything(dry)
    assert secret in repr(run)
    safe = runs.safe(run)
    assert secret not in repr(safe)
    for told in (text.render(safe), json.render(safe), markdown.render(safe)):
        assert "‹hidden " in told
        assert secret not in told


@pytest.mark.parametrize(
    "path",
    [
        "Environment.Variables",
        "Environment.Variables.DB_PASSWORD",
        "Environment.Variables.a.dotted[name]",
        "Password",
        "Origins.Items[alb].Headers.Items[X-Key].Value",
        "Origins.Items[a.b].Headers.Items[odd]name].Value",
    ],
)
def test_a_secret_place_is_hidden_whatever_members_lead_to_it(path):
    assert hidden(path, SECRET).before.startswith("‹hidden ")


@pytest.mark.parametrize("path", ["Passwords", "Environment.VariablesNot", "Tags.Password", "Name"])
def test_other_places_are_shown(path):
    assert hidden(path, SECRET).before == SECRET


def test_a_secret_inside_a_larger_value_is_hidden_alone():
    member = {"Id": "alb", "Headers": {"Items": [{"Name": "X-Key", "Value": SECRET}]}}
    shown = hidden("Origins.Items[alb]", None, member).after
    assert shown["Id"] == "alb"
    (header,) = shown["Headers"]["Items"]
    assert header["Name"] == "X-Key"
    assert header["Value"].startswith("‹hidden ")


def test_a_whole_list_above_a_secret_keeps_its_shape():
    members = [{"Id": "a", "Headers": {"Items": [{"Name": "n", "Value": SECRET}]}}]
    shown = hidden("Origins", {"Items": members}).before
    assert shown["Items"][0]["Id"] == "a"
    assert SECRET not in repr(shown)


def test_text_that_may_hold_a_secret_further_inside_is_hidden_whole():
    assert hidden("Environment", f'{{"Variables": {{"A": "{SECRET}"}}}}').before[:7] == "‹hidden"


def test_the_order_of_members_is_no_secret():
    assert hidden("Origins.Items[]", ["alb", "s3"], ["s3", "alb"]).before == ["alb", "s3"]


def test_absence_and_the_unknown_are_no_secrets():
    shown = hidden("Password", None, UNKNOWN)
    assert shown.before is None
    assert shown.after is UNKNOWN


def test_a_change_still_shows():
    shown = hidden("Password", "one", "two")
    assert shown.before != shown.after


def test_what_is_equal_looks_equal():
    masker = Masker()
    assert masker.hide({"a": 1, "b": 2}) == masker.hide({"b": 2, "a": 1})


def test_another_run_hides_it_otherwise():
    assert len({Masker().hide(SECRET) for _ in range(20)}) > 1


def test_a_message_of_aws_that_quotes_it_is_scrubbed():
    changed = decision("rds.db_cluster/a", Action.CREATE, "", ("MasterUserPassword", None, SECRET))
    failed = Outcome(Fate.FAILED, f"The parameter {SECRET} is too short")
    run = masked(result(changed, outcomes={changed.address: failed}), runs.facts)
    assert SECRET not in text.render(run)
    assert "The parameter ‹hidden " in text.render(run)


def test_what_people_are_asked_is_scrubbed_too():
    wait = Wait("Ann", f"use {SECRET} once", f"what {SECRET} opens")
    changed = decision(
        "rds.db_cluster/a", Action.WAIT, "", ("MasterUserPassword", None, SECRET), waits=(wait,)
    )
    assert SECRET not in json.render(masked(result(changed), runs.facts))


def test_short_values_do_not_spoil_messages():
    masker = Masker()
    masker.mask(decision("lambda.function/a", Action.UPDATE, "", ("Password", "a", "b")), Function)
    assert masker.scrub("lambda.function/a", "a banana") == "a banana"


def test_messages_about_others_stay_as_they_are():
    masker = Masker()
    known = ("Password", None, "eu-central-1")
    masker.mask(decision("lambda.function/a", Action.UPDATE, "", known), Function)
    assert masker.scrub("lambda.function/b", "in eu-central-1") == "in eu-central-1"


names = st.text(min_size=1, max_size=8)


@given(origin=names, header=names)
def test_no_name_of_a_member_uncovers_a_secret(origin, header):
    path = f"Origins.Items[{origin}].Headers.Items[{header}].Value"
    assert hidden(path, SECRET).before.startswith("‹hidden ")
