"""Tables, defaults, regions, and what is put in beforehand."""

from __future__ import annotations

import pytest

STORE = "shop.store/main"


def test_a_table_of_the_environment_gives_one_resource_per_row(declared):
    text = """
        $for_each: shops
        shop.store:
          ${each.key}: {size: "${each.size}", netId: "net-${each.key}"}
    """
    resources = declared(text).resources
    assert [(each.name, each.properties["size"]) for each in resources.values()] == [
        ("north", 3),
        ("south", 4),
    ]
    assert resources["shop.store/north"].properties["netId"] == "net-north"


@pytest.mark.parametrize(
    "table", ["{north: {size: 3}, south: {size: 3}}", "[north, south]", "{north: , south: 1}"]
)
def test_a_table_may_stand_right_there(declared, table):
    text = f"$for_each: {table}\nshop.store:\n  ${{each.key}}: {{size: 3}}\n"
    assert [each.name for each in declared(text).resources.values()] == ["north", "south"]


def test_a_row_that_is_no_mapping_is_the_value(declared):
    text = '$for_each: {main: 5}\nshop.store:\n  ${each.key}: {size: "${each.value}"}\n'
    assert declared(text).resources[STORE].properties["size"] == 5


def test_each_document_has_its_own_table(declared):
    text = """
        $for_each: [one, two]
        shop.net: {"${each.key}": {Range: x}}
        ---
        shop.net: {three: {Range: x}}
    """
    assert [each.name for each in declared(text).resources.values()] == ["one", "two", "three"]


def test_inner_values_of_a_row_are_named_by_dots(declared):
    text = """
        $for_each: {main: {size: 2, inner: {a-b: deep}, shelves: [{id: x}]}}
        shop.store:
          ${each.key}:
            size: ${each.size}
            netId: ${each.inner.a-b}
            shelves: ${each.shelves}
            peer: ${each.shelves[0].id}
    """
    assert declared(text).resources[STORE].properties == {
        "size": 2,
        "netId": "deep",
        "shelves": [{"id": "x"}],
        "peer": "x",
        "storeName": "main",
    }


def test_a_question_mark_leaves_out_what_the_row_lacks(declared):
    text = """
        $for_each: shops
        shop.store:
          $defaults: {weight: 1}
          ${each.key}:
            size: ${each.size}
            netId: ${each.zone?}
            peer: in-${each.zone?}
            weight: ${each.heavy?}
    """
    resources = declared(text).resources
    assert set(resources["shop.store/north"].properties) == {"size", "weight", "storeName"}
    assert resources["shop.store/south"].properties["peer"] == "in-eu-central-1b"


def test_a_row_that_lacks_a_value_is_a_problem(problems):
    found = problems(
        '$for_each: shops\nshop.net:\n  "${each.key}": {Range: "${each.zome}"}\n'
    ).splitlines()
    assert len(found) == 2
    assert found[1] == (
        "desired/test/shop.yaml:3:26: shop.net/south: the entry south has no zome; add it, or "
        "write ${each.zome?} to leave the property out. Did you mean zone?"
    )


def test_what_is_wrong_in_every_row_is_said_once(problems):
    found = problems('$for_each: shops\nshop.net:\n  "${each.key}": {Range: x, Rage: y}\n')
    assert len(found.splitlines()) == 1


def test_an_unknown_table_is_refused_with_the_one_meant(problems):
    found = problems("$for_each: shop\nshop.net: {a: {Range: x}}\n")
    assert "environment.yaml has no table shop. Did you mean shops?" in found


def test_each_means_nothing_without_a_table(problems):
    assert "only in a document with $for_each" in problems("shop.net: {a: {Range: '${each.x}'}}\n")


def test_the_environment_is_put_in(declared):
    text = """
        shop.net:
          main: {Range: "${env.account}-${env.name}", Version: "${env.zones[1]}"}
          list: {Range: "${env.regions.edge} ${env.regions.main} ${env.tables.shops.north.size}"}
    """
    resources = declared(text).resources
    assert resources["shop.net/main"].properties == {
        "Range": "123456789012-test",
        "Version": "eu-central-1b",
    }
    assert resources["shop.net/list"].properties == {"Range": "us-east-1 eu-central-1 3"}


def test_what_the_environment_lacks_is_a_problem(problems):
    found = problems("shop.net: {a: {Range: '${env.acount}'}}\n")
    assert "environment.yaml has no acount. Did you mean account?" in found


def test_a_structure_must_be_the_whole_value(problems):
    found = problems("shop.net: {a: {Range: 'x${env.zones}'}}\n")
    assert "${env.zones} is a mapping or a list, so it must be the whole value" in found


def test_an_escaped_brace_is_left_for_later(declared):
    resources = declared("shop.net: {a: {Range: '$${env.region}'}}\n").resources
    assert resources["shop.net/a"].properties["Range"] == "$${env.region}"


def test_names_inside_mappings_are_put_in_too(declared):
    text = "shop.store: {main: {size: 1, labels: {'${env.name}': x}}}\n"
    assert declared(text).resources[STORE].properties["labels"] == {"test": "x"}


def test_two_names_that_become_one_are_a_problem(problems):
    text = "shop.store: {main: {size: 1, labels: {'${env.name}': x, test: y}}}\n"
    assert "stands beside it already" in problems(text)


def test_defaults_are_merged_deep_and_lists_are_replaced(declared):
    text = """
        shop.store:
          $defaults: {size: 1, labels: {a: x, b: x}, shelves: [{id: a}], $initial: {weight: 1}}
          main: {labels: {b: y}, shelves: [{id: b}], $initial: {peer: p}, netId: ~}
    """
    assert declared(text).resources[STORE].properties == {
        "size": 1,
        "labels": {"a": "x", "b": "y"},
        "shelves": [{"id": "b"}],
        "$initial": {"weight": 1, "peer": "p"},
        "netId": None,
        "storeName": "main",
    }


def test_the_nearest_region_counts(declared):
    text = """
        $region: edge
        shop.net:
          a: {Range: x}
          b: {Range: x, $region: main}
        shop.store:
          $region: main
          abc: {size: 1}
        shop.clerk: {c: {$region: main}}
    """
    regions = {name: each.region for name, each in declared(text).resources.items()}
    assert regions == {
        "shop.net/a": "us-east-1",
        "shop.net/b": "eu-central-1",
        "shop.store/abc": "eu-central-1",
        "shop.clerk/c": "us-east-1",  # asked there whatever the YAML says
    }


def test_an_unknown_region_is_refused_with_the_one_meant(problems):
    found = problems("shop.net: {a: {Range: x, $region: egde}}\n")
    assert "environment.yaml has no region egde" in found
    assert "Did you mean edge?" in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$foreach: shops\nshop.net: {a: {Range: x}}\n", "Did you mean $for_each?"),
        ("shop.net: {$default: {}, a: {Range: x}}\n", "Did you mean $defaults?"),
        ("shop.net: [a]\n", "must be a mapping: the names of resources"),
        ("shop.net: {a: x}\n", "must be a mapping of properties"),
        ("$for_each: [[a]]\nshop.net: {a: {Range: x}}\n", "takes a table's name, a mapping"),
        ("shop.net: {'${input.tag}': {Range: x}}\n", "needs a name that is known before"),
        ("shop.net: {'': {Range: x}}\n", "needs a name"),
        ("shop.net: {a: {Range: '${each.x y}'}}\n", "only in a document with $for_each"),
        ("shop.net: {a: {Range: '${env.x y}'}}\n", "is not JMESPath"),
    ],
)
def test_what_does_nothing_is_refused(problems, text, message):
    assert message in problems(text)


def test_settings_of_the_whole_resource_are_taken_out(declared):
    text = """
        shop.net: {n: {Range: x}}
        shop.store:
          main:
            size: 1
            Tags: {Environment: mine, gone: ~}
            $depends_on: [shop.net/n]
            $protect: true
            $was: shop.store/old
            $settles_within: 90
    """
    resource = declared(text).resources[STORE]
    assert resource.properties == {"size": 1, "storeName": "main"}
    assert resource.tags == {"Environment": "mine", "gone": None}
    assert (resource.depends_on, resource.protect) == (("shop.net/n",), True)
    assert (resource.was, resource.settles_within) == ("shop.store/old", 90)
    assert (resource.type, resource.name, resource.absent) == ("shop.store", "main", False)


def test_the_name_becomes_the_tag_of_what_aws_leaves_nameless(declared):
    net = declared("shop.net: {main: {Range: x}}\n").resources["shop.net/main"]
    assert net.tags == {"Environment": "test", "Name": "main"}
    assert net.properties == {"Range": "x"}


def test_a_given_name_counts_more_than_the_entrys(declared):
    text = "shop.store: {main: {size: 1, storeName: other}}\n"
    assert declared(text).resources[STORE].properties["storeName"] == "other"


def test_every_property_remembers_its_place(declared):
    text = "shop.store:\n  main:\n    size: 1\n    shelves:\n      - id: a\n        width: 3\n"
    resource = declared(text).resources[STORE]
    assert str(resource.source) == "desired/test/shop.yaml:2:3"
    assert str(resource.place("shelves[0].width")) == "desired/test/shop.yaml:6:16"
    assert resource.place("shelves[0].nothing") == resource.place("shelves[0]")
    assert resource.place("else") == resource.source


def test_a_name_that_is_the_same_in_every_row_is_a_problem(problems):
    found = problems("$for_each: shops\nshop.net: {a: {Range: x}}\n")
    assert "shop.net/a: is declared once per row" in found
    assert "put ${each.key} into it" in found


def test_tags_that_only_a_creation_writes_are_no_tags_that_are_compared(declared):
    text = "shop.store: {main: {size: 1, $initial: {Tags: {team: x, Environment: y}}}}\n"
    resource = declared(text).resources[STORE]
    assert resource.tags == {}
    assert resource.born_tags == {"team": "x", "Environment": "y"}
    assert resource.properties == {"storeName": "main", "size": 1, "$initial": {}}
