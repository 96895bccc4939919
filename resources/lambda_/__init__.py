"""What packages of code are made of, and how AWS words states and permissions."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reconciler.model import Properties, Status, Wait
from reconciler.policies import ROOT

ZIPPED = "UEsD"  # how a zip archive begins in base64
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive can hold
UNIX = 3
LITTER = {"__pycache__", ".DS_Store"}

STATES = {"Pending": Status.PENDING, "Failed": Status.BROKEN}
MENDER = "whoever looks after what AWS names"
AGAIN = "aws lambda update-function-configuration --function-name "
CONDITIONS = {
    "sourcearn": "SourceArn",
    "sourceaccount": "SourceAccount",
    "principalorgid": "PrincipalOrgID",
    "eventsourcetoken": "EventSourceToken",
    "functionurlauthtype": "FunctionUrlAuthType",
    "invokedviafunctionurl": "InvokedViaFunctionUrl",
}
"""What a condition key of the policy is called in AddPermission. AWS spells its case both ways."""


def package_of(properties: Properties) -> bytes | None:
    """The package that the YAML speaks of; None for an image, or what nobody knows yet."""
    code = properties.get("Code")
    if not isinstance(code, Mapping):
        return None
    if isinstance(code.get("Folder"), str):
        return folder(Path(code["Folder"]))
    source, runtime = code.get("ZipFile"), str(properties.get("Runtime") or "")
    return text(source, runtime) if isinstance(source, str) else None


def files(path: Path) -> list[Path]:
    """What is packed of a folder."""
    return [each for each in path.rglob("*") if each.is_file() and not LITTER & {*each.parts}]


def folder(path: Path) -> bytes:
    """A folder as a zip archive: the same bytes for the same files, wherever it is made."""
    names = {each.relative_to(path).as_posix(): each for each in files(path)}
    return _archive((name, names[name].read_bytes(), _mode(names[name])) for name in sorted(names))


def text(source: str, runtime: str) -> bytes:
    """A base64 archive as it is; a source as the one file `index` of an archive."""
    if source.startswith(ZIPPED):
        return base64.b64decode(source)
    name = "index.py" if runtime.startswith("python") else "index.js"
    return _archive([(name, source.encode(), 0o644)])


def fingerprint(package: bytes) -> str:
    """What AWS calls CodeSha256."""
    return base64.b64encode(hashlib.sha256(package).digest()).decode()


def condition(function: Properties) -> tuple[Status, str, tuple[Wait, ...]]:
    """Its status, AWS's reason, and what people must do where AWS took an update back."""
    if function.get("LastUpdateStatus") == "InProgress":
        return Status.PENDING, "AWS is still updating it", ()
    status = STATES.get(function.get("State", ""), Status.READY)
    if function.get("LastUpdateStatus") != "Failed" or status is not Status.READY:
        return status, function.get("StateReason") or "", ()
    # It works on as it was before, whatever AWS shows of it.
    reason = function.get("LastUpdateStatusReason") or "it does not say why."
    why = f"AWS took its last update back: {reason}"
    return (
        Status.WAITING,
        why,
        (Wait(MENDER, f"{why} Mend that, then: {AGAIN}{function['FunctionName']}"),),
    )


def permission(statement: Properties) -> dict[str, Any]:
    """A statement of the function's policy, as AddPermission words it."""
    conditions = {
        CONDITIONS.get(key.partition(":")[2].lower(), key): value
        for keys in statement.get("Condition", {}).values()
        for key, value in keys.items()
    }
    if "InvokedViaFunctionUrl" in conditions:
        conditions["InvokedViaFunctionUrl"] = conditions["InvokedViaFunctionUrl"] == "true"
    named = {"StatementId": statement["Sid"], "Action": statement["Action"]}
    return {**named, "Principal": _principal(statement["Principal"]), **conditions}


def _principal(principal: Any) -> Any:
    """A service, an account's number, a role's or user's ARN, or everyone."""
    value = next(iter(principal.values())) if isinstance(principal, dict) else principal
    account = ROOT.fullmatch(value)
    return account[1] if account else value


def _archive(files: Iterable[tuple[str, bytes, int]]) -> bytes:
    buffer = io.BytesIO()
    # Stored, not deflated: what zlib makes of a file differs from one build of it to the next.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system, entry.external_attr = UNIX, mode << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _mode(file: Path) -> int:
    """Readable by all, as Lambda needs it; executable where it is for its owner."""
    return 0o755 if file.stat().st_mode & 0o100 else 0o644
