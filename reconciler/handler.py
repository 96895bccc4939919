"""The contract between the engine and the AWS types in `resources/`."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, ClassVar, TypeVar
from urllib.parse import unquote

import jmespath

from reconciler.aws import Aws, Tagging, missing
from reconciler.model import (
    ORDER,
    SET,
    Change,
    Desired,
    Found,
    Lists,
    Observed,
    Properties,
    Tags,
    View,
    Within,
)
from reconciler.policies import POLICY_LISTS, canonical

__all__ = ["ORDER", "SET", "Handler", "Tagging", "missing", "portions"]

NOTHING: Set[str] = frozenset()
T = TypeVar("T")


class Handler(ABC):
    """
    One AWS type in one account and region: its facts, two halves of reading, three of writing.

    The engine decides *whether* to act, from the facts and the difference. A handler only
    knows *how*, and follows these rules:

    - A verb returns as soon as AWS accepts the call; the engine looks again until it settles.
    - A verb may be called again after a crash: deleting what is gone is fine.
    - `create` makes the object exist and returns its id; `update` makes it right.
    - What is sent comes from `change.wanted`, which is complete. Never send a partial structure.
    """

    key: ClassVar[tuple[str, ...]] = ()
    """The properties (JMESPath, or `tag:Name`) that say which object this is."""

    other_keys: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Keys for resources that leave out a property of `key`: the first that is whole counts."""

    naming: ClassVar[str] = "tag:Name"
    """The property that the entry's name in the YAML fills; `tag:Name` for nameless things."""

    unique: ClassVar[bool] = True
    """Whether AWS refuses a second object with the same key."""

    immutable: ClassVar[Set[str]] = NOTHING
    """Properties, or places below one as in `lists`, that AWS cannot change. A difference means:
    replace. What names a member of a list there: members may neither come nor go."""

    deferred: ClassVar[Set[str]] = NOTHING
    """Properties that only `update` writes: what they refer to need not exist before us."""

    loose: ClassVar[Set[str]] = NOTHING
    """Properties, or paths as in `lists`, whose referents need only exist, and may be finished
    after us."""

    after: ClassVar[Set[str]] = NOTHING
    """Types whose objects come first where they share a reference with ours."""

    proven_by: ClassVar[Set[str]] = NOTHING
    """Types whose objects refer to ours and, once done, let it become ready."""

    rests_after: ClassVar[Mapping[str, tuple[str, object]]] = {}
    """Types whose objects refer to ours and are done before it, where the YAML wants this value
    of this property: then AWS takes nothing of theirs any more."""

    noticed_within: ClassVar[float] = 0
    """Seconds that AWS may take to notice what people, or we, have done for a WAITING object."""

    disruptive: ClassVar[Set[str]] = NOTHING
    """Properties whose update interrupts users."""

    moved: ClassVar[Set[str]] = NOTHING
    """Outputs that an update changes."""

    lists: ClassVar[Lists] = {}
    """Every list: SET, ORDER, or the fields that name a member, the best one first.

    A path is written without members (`Origins.Items`). Several fields that name a member
    together are joined by `+` (`Name+Type`), one that lies deeper is reached by `.`;
    `(ORDER, "PathPattern")` names members and keeps them in our order. Policies need no mention."""

    additive: ClassVar[Set[str]] = NOTHING
    """Lists that are at least, whatever the environment says: others write to them by right."""

    shared: ClassVar[str] = ""
    """The list that several resources and other people fill together: of it, only the members
    that we declare are ours. Such a type is no object of its own, and its key is not unique."""

    reads: ClassVar[Mapping[str, str]] = {}
    """JMESPath from AWS's answer to a property's name in requests, where they differ.

    What was read may be read again, and must come out the same."""

    write_only: ClassVar[Set[str]] = NOTHING
    """Properties AWS never gives back, such as passwords. Never compared, never printed."""

    secret: ClassVar[Set[str]] = NOTHING
    """Paths, written as in `lists`, whose values are printed only as ‹hidden 3f2a›."""

    given: ClassVar[Mapping[str, str]] = {}
    """Properties that hold a secret if this JMESPath says so of all properties: then an input
    gives them, and no YAML may."""

    policies: ClassVar[Set[str]] = NOTHING
    """Properties that are IAM policy documents: JSON to AWS, mappings in the YAML."""

    documents: ClassVar[Set[str]] = NOTHING
    """Properties that are other JSON documents to AWS, and mappings in the YAML."""

    outputs: ClassVar[Set[str]] = NOTHING
    """What AWS chooses, for other resources to refer to."""

    by_default: ClassVar[str] = ""
    """JMESPath of a listed object: whether AWS made it by itself, with the account or a network."""

    tagging: ClassVar[Tagging | None] = None
    """How this type spells its tags; None where AWS has no tags for it."""

    marks: ClassVar[str] = ""
    """For a type without tags: the property behind whose text our two tags are written."""

    parent: ClassVar[str] = ""
    """For a type without tags: the property that names the object through which it is owned."""

    serial: ClassVar[str | None] = None
    """The property whose value names what AWS changes one write at a time."""

    repeatable: ClassVar[bool] = True
    """False where AWS, asked twice to create, creates two."""

    overwrites: ClassVar[bool] = False
    """True where AWS, asked to create what exists, changes it or hands it to us, and does not
    refuse: then we look once more right before the create."""

    region: ClassVar[str | None] = None
    """Where a global service is asked; None for the region of the resource."""

    absent_from: ClassVar[Set[str]] = NOTHING
    """Regions in which AWS has no such type: nothing is asked there, nothing can be declared."""

    settles_within: ClassVar[float] = 600
    """Seconds that AWS may take to finish with an object."""

    holds_data: ClassVar[bool] = False
    """Whether a delete loses what people stored in it."""

    def __init__(self, aws: Aws, region: str) -> None:
        self.aws = aws
        self.home = self.region or region
        """The region in which this handler's client asks."""
        folder = type(self).__module__.split(".")[-2]
        self._service = folder.rstrip("_").replace("_", "-")

    @property
    def client(self) -> Any:
        """The boto3 client of the type's service, made when it is first asked for."""
        return self.aws.client(self._service, self.home)

    @abstractmethod
    def listed(self, since: float = 0) -> Iterator[Found]:
        """Every object of the type. A listing that began before `since` is asked for again."""

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        """Complete a listed object, with only those extra reads that these properties need.

        Tags are read here only if `found.tags` is None. None: the object is gone."""
        return Observed(found.id, found.properties, found.tags or {})

    @abstractmethod
    def create(self, desired: Desired) -> str:
        """Make it exist, with its tags and all that the create call takes; return its id."""

    def update(self, change: Change) -> str | None:
        """Make the changed properties true. Return an id only if that made another object."""
        raise NotImplementedError("every property of this type is immutable")

    @abstractmethod
    def delete(self, observed: Observed) -> None:
        """Take the next step towards the object being gone. Called until it is."""

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        """Which fields belong to somebody else as long as they stay inside bounds.

        `Rest` is for what must not begin before people have done their part."""
        return {}

    @classmethod
    def marked(cls) -> bool:
        """Whether an object of this type can say by itself that it is ours."""
        return cls.tagging is not None or bool(cls.marks)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties as `get` would spell them, where AWS takes several spellings.

        Values that are not known yet stand among them."""
        return desired

    def tag(self, observed: Observed, wanted: Tags) -> None:
        """Write the tags that differ, and take away those that are not wanted."""
        if self.tagging:
            target = observed[self.tagging.of] if self.tagging.of else observed.id
            for operation, request in self.tagging.requests(target, observed.tags, wanted):
                getattr(self.client, operation)(**request)

    def listing(
        self, operation: str, since: float = 0, items: str = "", **parent: Any
    ) -> list[Any]:
        """Everything of one kind, below `parent` if it has one: one call for all who ask.

        `items` names the list in the answer, where the operation gives more than one."""
        return self.aws.listings.ask(self.client, operation, since, items, parent)

    def batched(
        self,
        operation: str,
        since: float,
        size: int,
        ids: Mapping[str, Sequence[Any]],
        items: str = "",
        **parent: Any,
    ) -> Iterator[dict[str, Any]]:
        """Describe many by id, as many at a time as the operation takes."""
        ((name, values),) = ids.items()
        for some in portions(values, size):
            yield from self.listing(operation, since, items, **{name: some}, **parent)

    def accepted(self, operation: str, properties: Properties) -> dict[str, Any]:
        """Those of the properties that the operation takes, as botocore's model says.

        Documents become the JSON text that AWS wants."""
        method = self.client.meta.method_to_api_mapping[operation]
        names = self.client.meta.service_model.operation_model(method).input_shape.members
        return {name: self.sent(name, properties[name]) for name in properties if name in names}

    def sent(self, name: str, value: Any) -> Any:
        """A property's value as AWS wants it: documents as JSON text, all else as it is."""
        is_document = name in self.documents or name in self.policies
        return json.dumps(value) if is_document and not isinstance(value, str) else value

    def read(self, answer: Properties) -> Properties:
        """AWS's answer, every property under its name in requests, documents parsed."""
        renamed = {name: jmespath.search(path, answer) for name, path in self.reads.items()}
        return self.understood({**answer, **renamed})

    def understood(self, properties: Properties) -> Properties:
        """The properties with every document parsed, and every policy in one spelling."""
        documents = [name for name in self.policies | self.documents if name in properties]
        return {**properties, **{name: self.parsed(name, properties[name]) for name in documents}}

    def parsed(self, name: str, value: Any) -> Any:
        """A document as a mapping: IAM answers URL-encoded, policies come in many spellings."""
        if isinstance(value, str) and value:
            value = json.loads(unquote(value) if value.startswith("%7B") else value)
        return canonical(value) if name in self.policies and value else value

    @classmethod
    def compared(cls) -> Lists:
        """How every list compares, those inside policies included."""
        inside = {
            f"{name}.{path}": how for name in cls.policies for path, how in POLICY_LISTS.items()
        }
        return {**cls.lists, **inside}


def portions(values: Sequence[T], size: int) -> Iterator[list[T]]:
    """The values in their order, as many at a time as an operation takes."""
    for first in range(0, len(values), size):
        yield list(values[first : first + size])
