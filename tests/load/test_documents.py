"""Files that are not the YAML they should be."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.load.documents import parse
from reconciler.load.nodes import Block, Scalar, Series
from reconciler.load.problems import Problems

NET = "shop.net: {main: {Range: 10.0.0.0/16}}\n"


def parsed(text):
    problems = Problems()
    return parse(text, "a.yaml", problems), problems


def test_everything_remembers_where_it_stands():
    ((root,), _) = parsed("a:\n  - b: x\n    c: 'y'\n")
    member = root["a"][0]
    assert [str(key.source) for key in member] == ["a.yaml:2:5", "a.yaml:3:5"]
    assert str(member["c"].source) == "a.yaml:3:8"
    assert (member["b"].plain, member["c"].plain) == (True, False)


def test_a_file_holds_several_documents():
    assert parsed("a: 1\n---\nb: 2\n---\n")[0] == [{"a": "1"}, {"b": "2"}, ""]


def test_a_name_that_stands_twice_is_refused_with_both_lines(problems):
    found = problems("shop.net:\n  main: {Range: 10.0.0.0/16}\n  main: {Range: 10.1.0.0/16}\n")
    assert "desired/test/shop.yaml:3:3: main stands twice in one mapping (first in line 2)" in found


def test_a_tab_is_named(problems):
    found = problems(**{"tab.yaml": "shop.net:\n\tmain: {}\n"})
    assert "desired/test/tab.yaml:2:1" in found
    assert "indented by a tab" in found


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n"])
def test_a_document_that_is_no_mapping_is_refused(problems, text):
    assert "shop.yaml:1:1: is no mapping" in problems(text)


def test_aliases_that_unfold_without_end_are_refused(problems):
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9)]
    found = problems("\n".join(["l0: &l0 [lol, lol]", *levels]))
    assert "aliases unfold to more than 10000 values" in found


def test_an_alias_of_what_is_not_complete_is_refused(problems):
    assert "*a repeats &a, which is not complete" in problems("a: &a [*a]\n")


def test_an_alias_repeats_what_it_names(declared):
    resources = declared("shop.net:\n  a: &net {Range: 10.0.0.0/16}\n  b: *net\n").resources
    assert resources["shop.net/a"].properties == resources["shop.net/b"].properties


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['x']", "!!binary eA==", "!x y"])
def test_tags_make_no_objects(problems, tag):
    assert "would make an object of YAML" in problems(f"shop.net: {{main: {{Range: {tag}}}}}\n")


def test_a_file_that_is_not_utf8_is_named_with_its_line(problems):
    found = problems(NET, **{"latin.yaml": b"a: b\n# caf\xe9\n"})
    assert found == "desired/test/latin.yaml:2:1: is not UTF-8; save the file as UTF-8"


def test_a_byte_order_mark_is_no_text(declared):
    assert "shop.net/main" in declared(b"\xef\xbb\xbf" + NET.encode()).resources


def test_a_reference_in_a_flow_mapping_needs_quotes(problems):
    assert 'a reference needs quotes: "${...}"' in problems("shop.net: {a: {Range: ${env.x}}}\n")


def test_yaml_1_1_merges_are_not_yaml_1_2(problems):
    assert "use $defaults" in problems("shop.net: {a: {<<: {Range: x}}}\n")


def test_a_control_character_is_no_yaml(problems):
    assert "shop.yaml:2:1: holds a control character" in problems(NET + "a: \x01\n")


def test_what_nests_too_deep_is_refused(problems):
    assert "nests more than 100 deep" in problems("a: " + "[" * 200 + "]" * 200)


@given(st.text() | st.text(alphabet="ab:-{}[]&*!'\"$ \n\t|>?%@#,"))
@example("? [a]\n: b")
@example("[" * 50_000)
def test_any_text_gives_documents_or_problems(text):
    nodes, problems = parsed(text)
    assert all(isinstance(node, Block | Series | Scalar) for node in nodes)
    assert problems.reported >= 0
