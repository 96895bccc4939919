"""Who an event's identity is.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reconciler.actors.change import Kind, Ours

SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com|AWS Internal")
BUILDERS = re.compile(r"code(pipeline|build|deploy|star-connections|connections)\.amazonaws\.com")
LINKED = "/aws-service-role/"
LINKED_SESSION = re.compile(r":assumed-role/AWSServiceRoleFor")
SSO = "AWSReservedSSO_"
BUILD = re.compile(r"AWSCodeBuild-[0-9a-f-]{36}")
"""How CodeBuild calls the session of a build.
https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html"""
HOSTS = ("token.actions.githubusercontent.com", "gitlab.com", "api.bitbucket.org")
"""Whose tokens are a pipeline's."""
PEOPLE = {"IAMUser", "Root", "IdentityCenterUser", "SAMLUser", "FederatedUser"}

Told = Mapping[str, Any]


def whose(event: Told, ours: Ours) -> tuple[str, Kind]:
    """Whom people know, and what that is. `event`: the record as CloudTrail keeps it."""
    identity = event.get("userIdentity") or {}
    name, service = _name(identity), _service(event, identity)
    if _us(event, identity, ours):
        return name, Kind.US
    if BUILDERS.fullmatch(service):
        return service, Kind.PIPELINE
    if service or _linked(identity):
        return service or name, Kind.AWS
    return name, _session(identity)


def _us(event: Told, identity: Told, ours: Ours) -> bool:
    if event.get("requestID") in ours.requests:
        return True
    if any(f"muvi-converge-{run}" in str(event.get("userAgent", "")) for run in ours.runs):
        return True
    role = bool(ours.role) and _issuer(identity).get("arn") == ours.role
    return role or (identity.get("type") == "AssumedRole" and _session_name(identity) in ours.runs)


def _service(event: Told, identity: Told) -> str:
    """The service that made the call; AWS says so in up to three places."""
    said = (identity.get("invokedBy"), event.get("sourceIPAddress"))
    return next((each for each in said if each and SERVICE.fullmatch(each)), "")


def _linked(identity: Told) -> bool:
    if identity.get("type") == "AWSService":
        return True
    role = str(_issuer(identity).get("arn", ""))
    return LINKED in role or bool(LINKED_SESSION.search(str(identity.get("arn", ""))))


def _session(identity: Told) -> Kind:
    """Of a session that no service holds."""
    if identity.get("type") in PEOPLE:
        return Kind.PERSON
    context = identity.get("sessionContext") or {}
    host = (context.get("webIdFederationData") or {}).get("federatedProvider", "")
    if BUILD.fullmatch(_session_name(identity)) or any(map(str(host).endswith, HOSTS)):
        return Kind.PIPELINE
    return Kind.PERSON if _at_a_desk(identity, context) else Kind.UNKNOWN


def _at_a_desk(identity: Told, context: Told) -> bool:
    """Single sign-on, a second factor or the console: no program has these."""
    factor = (context.get("attributes") or {}).get("mfaAuthenticated") == "true"
    console = str(identity.get("sessionCredentialFromConsole", "")).lower() == "true"
    return str(_issuer(identity).get("userName", "")).startswith(SSO) or factor or console


def _name(identity: Told) -> str:
    """A user's name; a session's with its role, but for single sign-on: there it is the person."""
    if identity.get("type") == "Root":
        return "root"
    if identity.get("userName"):
        return str(identity["userName"])
    session, role = _session_name(identity), str(_issuer(identity).get("userName", ""))
    if session and role and not role.startswith(SSO):
        return f"{session} ({role})"
    return session or str(identity.get("principalId") or identity.get("accountId") or "nobody")


def _session_name(identity: Told) -> str:
    """The last part of arn:aws:sts::123456789012:assumed-role/ROLE/SESSION."""
    arn = str(identity.get("arn", ""))
    return arn.rpartition("/")[2] if ":assumed-role/" in arn else ""


def _issuer(identity: Told) -> Told:
    return (identity.get("sessionContext") or {}).get("sessionIssuer") or {}
