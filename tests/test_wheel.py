"""The wheel is whole: installed elsewhere, it knows its schemas and types."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKED = ("reconciler", "resources", "schemas", "setup.cfg", "pyproject.toml", "README.md")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The commands of an environment that holds our wheel, and nothing else of ours."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = _wheel(_copy(folder / "source"), folder)
    venv.create(folder / "environment", with_pip=False)
    python = folder / "environment/bin/python"
    _run("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel)
    # What we depend on is borrowed from the environment that runs this test: no registry is asked.
    (packages,) = folder.glob("environment/lib/python3*/site-packages")
    borrowed = Path(sysconfig.get_path("purelib"))
    (packages / "borrowed.pth").write_text(f"{borrowed}\n")
    return python.parent


def test_it_validates_from_another_folder(installed, tmp_path):
    desired = shutil.copytree(ROOT / "desired", tmp_path / "desired")
    done = _validate(installed, desired, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_has_its_schemas_with_it(installed, tmp_path):
    desired = shutil.copytree(ROOT / "desired", tmp_path / "desired")
    wrong = (
        "ec2.vpc:\n  stranger:\n    CidrBlock: 10.9.0.0/16\n    EnableDnsSuport: {Value: true}\n"
    )
    (desired / "uat/99-wrong.yaml").write_text(wrong)
    done = _validate(installed, desired, tmp_path)
    assert done.returncode == 1
    assert "EnableDnsSuport" in done.stdout + done.stderr


def test_it_has_its_tables_of_permissions_with_it(installed, tmp_path):
    desired = shutil.copytree(ROOT / "desired", tmp_path / "desired")
    done = _command(installed, "iam-policy", desired, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "muvi-converge-uat-converging-1" in done.stdout


def test_it_is_the_installed_one_that_runs(installed, tmp_path):
    where = "import reconciler, resources, schemas; print(reconciler.__file__, schemas.__file__)"
    done = subprocess.run(
        [installed / "python", "-c", where],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed.parent) in done.stdout
    assert str(ROOT) not in done.stdout


def _copy(folder):
    """Our sources, so that a build leaves nothing behind in the checkout."""
    folder.mkdir()
    for name in PACKED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        if source.exists():
            copy(source, folder / name)
    return folder


def _wheel(source, folder):
    _run("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, source)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _validate(commands, desired, folder):
    return _command(commands, "validate", desired, folder)


def _command(commands, name, desired, folder):
    command = [commands / "muvi-converge", name, "--env", "uat", "--desired", desired]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _run(*arguments):
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
