"""From a type's name to its handler."""

import pytest

from reconciler import registry
from resources.lambda_.function import Function


def test_a_type_is_named_by_its_file():
    handler = registry.handler("ecs.service")
    assert handler.__module__ == "resources.ecs.service"
    assert handler is registry.handler("ecs.service")


def test_a_folder_that_python_cannot_name_is_the_services_all_the_same():
    assert registry.handler("lambda.function") is Function
    assert "lambda.function" in registry.types()
    assert Function(None, "eu-central-1")._service == "lambda"


def test_every_type_has_one_handler_and_they_are_sorted():
    assert list(registry.types()) == sorted(registry.types())
    classes = {registry.handler(name) for name in registry.types()}
    assert len(classes) == len(registry.types())


@pytest.mark.parametrize(
    "name", ["ecs", "ecs.", "ecs.nothing", "ecs.__init__", "", "lambda_.function"]
)
def test_what_is_no_type_is_a_key_error(name):
    with pytest.raises(KeyError):
        registry.handler(name)


def test_what_a_module_imports_is_not_its_handler(tmp_path, monkeypatch):
    module = tmp_path / "shop_of_one.py"
    module.write_text(
        "from resources.lambda_.function import Function\nclass Mine(Function): ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    (found,) = registry._handlers("shop_of_one")
    assert found.__name__ == "Mine"
