"""The house: who may import whom, and that nothing of a type is missing."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler import registry

ROOT = Path(__file__).parents[1]
OURS = ("reconciler", "resources", "schemas", "scripts", "tests")
CODE = sorted(
    file
    for folder in ("reconciler", "resources")
    for file in ROOT.joinpath(folder).rglob("*.py")
    if file.name != "__init__.py" or file.read_text()
)
TALKS_TO_AWS = ("reconciler/aws/", "reconciler/sandbox/", "resources/")
PRINTS = ("reconciler/report/", "reconciler/cli.py")


@pytest.fixture(params=CODE, ids=lambda file: str(file.relative_to(ROOT)))
def module(request):
    return request.param


@pytest.fixture(params=registry.types())
def name(request):
    return request.param


def test_imports_only_look_down():
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_type_has_its_three_files(name):
    service, _, kind = name.partition(".")
    assert (ROOT / "schemas" / service / f"{kind}.json").is_file()
    assert (ROOT / "tests/resources" / f"{name}.yaml").is_file()


def test_no_schema_or_case_is_of_a_type_that_there_is_not():
    schemas = {f"{file.parent.name}.{file.stem}" for file in ROOT.glob("schemas/*/*.json")}
    cases = {file.stem for file in ROOT.glob("tests/resources/*.yaml")}
    assert schemas | cases == set(registry.types())


def test_a_handler_opens_with_its_reference(name):
    source = Path(sys.modules[registry.handler(name).__module__].__file__).read_text()
    assert re.match(r'"""https://docs\.aws\.amazon\.com/\S+\.html\S*"""\n', source)


def test_a_module_says_its_job_first(module):
    said = ast.get_docstring(ast.parse(module.read_text()))
    assert said, f"{module} has no first line"


def test_only_those_who_talk_to_aws_import_boto3(module):
    imported = {name.split(".")[0] for name in _imports(module)}
    if imported & {"boto3", "moto"}:
        assert _stands_in(module, TALKS_TO_AWS)


def test_only_reports_print(module):
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    if "print" in calls:
        assert _stands_in(module, PRINTS)


def test_nothing_is_named_after_nothing():
    files = [file for folder in OURS for file in ROOT.joinpath(folder).rglob("*.py")]
    assert [file for file in files if re.search(r"util|helper|common|misc", file.stem)] == []
    classes = [name for file in files for name in _classes(file)]
    assert [name for name in classes if "Manager" in name or "Helper" in name] == []


def test_no_failure_is_swallowed_unnamed(module):
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{module}:{node.lineno}"


def _imports(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _classes(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ClassDef):
            yield node.name


def _stands_in(file, places):
    return file.relative_to(ROOT).as_posix().startswith(places)
