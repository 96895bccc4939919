"""One handler's steps by hand, for tests that read the requests it sends."""

from dataclasses import replace
from time import monotonic

from reconciler import registry
from reconciler.model import Change
from reconciler.overlay import Overlay, differences, plain
from reconciler.report.secrets import masked


def look(handler, id_, mentioned=()):
    """The object as the engine sees it; None if it is gone."""
    found = next((each for each in handler.listed(monotonic()) if each.id == id_), None)
    if found is None:
        return None
    found = replace(found, properties=handler.read(found.properties))
    observed = handler.get(found, set(mentioned))
    return observed and replace(observed, properties=handler.read(observed.properties))


def change(handler, observed, properties, tags=None):
    """What makes the observed object as these properties want it."""
    lists = handler.compared()
    overlay = Overlay(lists, additive={*handler.additive, handler.shared})
    said = {n: v for n, v in properties.items() if n not in handler.write_only}
    wanted = overlay.lay(observed.properties, handler.spelled(said))
    fields = tuple(differences(observed.properties, wanted, lists))
    given = {name: properties[name] for name in handler.write_only & properties.keys()}
    return Change(observed, {**wanted, **given}, tags or observed.tags, fields, "run it")


def update(handler, id_, properties):
    """Look, send what differs, and look again: what still differs."""
    first = change(handler, look(handler, id_, properties), properties)
    if first.fields:
        handler.update(first)
    return change(handler, look(handler, id_, properties), properties).fields


def create(handler, desired):
    """Create as the engine does: what is deferred comes later."""
    born = {n: v for n, v in plain(desired.properties).items() if n not in handler.deferred}
    return handler.create(replace(desired, properties=born))


def sent(client, *reads):
    """Every write of this client from now on, as (operation, parameters); reads if named."""
    calls = []

    def note(params, model, **_):
        if (
            not model.name.startswith(("Describe", "List", "Get", "BatchGet"))
            or model.name in reads
        ):
            calls.append((model.name, params))

    client.meta.events.register("before-parameter-build", note)
    return calls


def shown(result, address):
    """What anybody may read of the difference of one resource."""
    decisions = masked(result, registry.handler).decisions
    return next(each.diff for each in decisions if each.address == address)
