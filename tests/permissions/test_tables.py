"""The tables of permissions fit each other, the handlers, and AWS's reference."""

import re
from fnmatch import fnmatchcase

import pytest

from reconciler import registry
from reconciler.permissions import tables
from reconciler.permissions.engine import ACTIONS
from reconciler.permissions.operations import LOOKING, VERBS, operations

BY_ITSELF = {"iam:CreateServiceLinkedRole", "iam:PassRole", *ACTIONS}
"""What the engine, or AWS in its name, does beside the handlers."""
UNUSED = {  # what the reference says that an action may take besides, and why ours do not
    "backup:CreateBackupPlan": "roles are passed by selections",
    "backup:UpdateBackupPlan": "roles are passed by selections",
    "cloudfront:CreateDistribution": "of several tenants, which we do not make",
    "cloudtrail:CreateTrail": "of an organisation, which we do not make",
    "cloudtrail:UpdateTrail": "of an organisation, which we do not make",
    "elasticache:CreateReplicationGroup": "from a file of Redis, which we do not take",
    "lambda:CreateFunction": "on capacity providers, which we do not give",
    "rds:CreateDBCluster": "of several zones; Aurora's instances are types of ours",
    "rds:CreateDBInstance": "with a storage or password of its own; Aurora's are the cluster's",
    "rds:DeleteDBCluster": "of several zones; Aurora's instances are types of ours",
    "rds:DeleteDBInstance": "with a last snapshot, which is taken of the cluster",
    "rds:ModifyDBCluster": "of several zones; Aurora's instances are types of ours",
    "rds:ModifyDBInstance": "with a storage or password of its own; Aurora's are the cluster's",
    "states:CreateStateMachine": "with a version, which we do not publish",
    "states:UpdateStateMachine": "with a version, which we do not publish",
    "wafv2:AssociateWebACL": "before what is no load balancer",
    "wafv2:DisassociateWebACL": "before what is no load balancer",
    "wafv2:GetWebACLForResource": "before what is no load balancer",
    "wafv2:ListResourcesForWebACL": "before what is no load balancer",
}
OURS = re.compile(r"\{(?!region|account)[^}]*\}")


def _called():
    return {each for kind in registry.types() for each in operations(kind)}


def test_the_reference_holds_every_action_that_we_may_need_and_no_other():
    called = {action for operation in _called() for action in tables.actions(operation)}
    also = {action for each in tables.also() for action in each.actions}
    assert set(tables.reference()) == called | also | BY_ITSELF, "run scripts/permissions"


@pytest.mark.parametrize("kind", tables.targets())
def test_an_arn_of_ours_is_shaped_like_the_one_of_aws(kind):
    assert kind in registry.types()
    for name, templates in tables.targets()[kind].items():
        real = tables.kinds()[name].replace("*", "name-123456")
        fits = [fnmatchcase(real, OURS.sub("*", template)) for template in templates]
        assert not templates or any(fits), (real, templates)


@pytest.mark.parametrize("kind", registry.types())
def test_every_type_of_which_aws_knows_resources_says_how_they_are_called(kind):
    named = {"Write", "Tagging", "Permissions management"}
    for operation in operations(kind):
        for action in tables.actions(operation):
            said = tables.reference()[action]
            kinds = {*said.kinds, *said.any}
            if said.level in named and kinds:
                assert kinds & tables.targets()[kind].keys(), action


def test_an_arn_names_only_properties_that_the_type_has():
    from reconciler.load.facts import schema

    for kind, targets in tables.targets().items():
        for template in (each for templates in targets.values() for each in templates):
            for path in re.findall(r"\{([A-Za-z0-9]+)", template):
                assert path in {"region", "account", *schema(kind)["properties"]}, (kind, template)


@pytest.mark.parametrize("also", tables.also(), ids=lambda each: f"{each.type}-{each.actions[0]}")
def test_what_aws_does_in_our_name_is_told_by_a_page(also):
    assert also.type in registry.types()
    assert also.page.startswith("https://docs.aws.amazon.com/")


def test_what_an_action_takes_besides_is_given_or_there_is_a_reason():
    linked, looks = {"iam:CreateServiceLinkedRole"}, _actions(*registry.types(), verbs=LOOKING)
    lacking = set()
    for kind in registry.types():
        also = {action for each in tables.also() if each.type == kind for action in each.actions}
        passes = {"iam:PassRole"} if kind in tables.passed() else set()
        given = _actions(kind) | also | passes | linked | looks
        lacking |= {a for a in _actions(kind) if {*tables.reference()[a].beside} - given}
    assert lacking == UNUSED.keys()


def _actions(*kinds, verbs=VERBS):
    called = (each for kind in kinds for each in operations(kind, verbs))
    return {action for each in called for action in tables.actions(each)}


def test_roles_are_passed_by_types_to_services():
    for kind, service in tables.passed().items():
        assert kind in registry.types()
        assert service.endswith(".amazonaws.com")
