"""Whether the ring at hand is the one this database was sealed with; asked before anything is served.

A key leaves a proof in the database: a word sealed with it. A ring that lacks the key, or holds another one under its
name, does not open the proof. The key of the blind indexes leaves what it makes of the same word.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core import crypto, keyring
from core.crypto import SealError
from members.models import Member
from members.querysets import id_number_index
from portal.fieldkeys import places
from portal.models import FieldKey

# No key of a ring can be called this.
INDEX = "|index"
WORD = "zhibu"
HEADING = (
    "",
    "Zhibu does not start: the field keys are not those this database was sealed with.",
    "支部未启动：字段密钥不是加密这个数据库时用的那些。",
    "",
)
FOOT = (
    "",
    "Looked for in: {where}",
    "Do not make a new key in its place: what is sealed with the old one (ID numbers, mobiles …) would be lost.",
    "不要另造新密钥：身份证号、手机号、住址都是用原来的密钥加密的，换了就再也打不开。",
    "Put the ring back that the portal ran with. It also lies in every back-up, as field-keys.json.",
    "",
)


class WrongKeys(Exception):
    """The ring does not open what this database holds. Reads as one screen for the operator."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(found)
        self.found = found

    def __str__(self) -> str:
        numbered = [f"  {number}. {what}" for number, what in enumerate(self.found, 1)]
        return "\n".join([*HEADING, *numbered, *FOOT]).format(where=where())


@dataclass(frozen=True)
class Fault:
    """What is wrong with one key."""

    key: str
    what: str


def where() -> str:
    """Where the ring is looked for, for people."""
    if file := keyring.where():
        return str(file)
    return "ZHIBU_FIELD_KEYS" if settings.ZHIBU_FIELD_KEYS else "ZHIBU_FIELD_KEYS, ZHIBU_FIELD_KEYS_FILE"


def faults() -> list[Fault]:
    """Keys that are missing from the ring or are others than those noted; empty when the ring is right."""
    try:
        ring = keyring.ring()
    except ImproperlyConfigured:
        return [Fault("*", "there is no ring of field keys")]
    found = []
    for noted in FieldKey.objects.filter(dropped_at=None):
        if noted.name == INDEX:
            if noted.proof != _index_proof():
                found.append(Fault(INDEX, "the key (or suite) of the blind indexes is another one: nobody is found"))
        elif noted.name not in ring["keys"]:
            found.append(Fault(noted.name, f'the ring has no key "{noted.name}", with which values are sealed'))
        elif not _opens(noted):
            found.append(Fault(noted.name, f'the key "{noted.name}" of the ring is another one than it was'))
    return found


def require() -> None:
    """Raises WrongKeys unless the ring is right."""
    if found := faults():
        raise WrongKeys([fault.what for fault in found])


def note() -> None:
    """Note the current key and that of the indexes, where they stand for the first time.

    Raises WrongKeys where the database holds values sealed under that name which it does not open.
    """
    require()
    name = keyring.ring()["current"]
    if not FieldKey.objects.filter(name=name).exists():
        closed = [place for place, opens in places.sample(name) if not opens]
        if closed:
            raise WrongKeys([f'the key "{name}" of the ring does not open {", ".join(closed)}'])
        FieldKey.objects.create(name=name, proof=_proof(name))
    if not FieldKey.objects.filter(name=INDEX).exists():
        member = Member.objects.exclude(id_number_index="").order_by("pk").first()
        if member is not None and id_number_index(member.id_number) != member.id_number_index:
            raise WrongKeys(["the key (or suite) of the blind indexes is another one: nobody is found"])
        FieldKey.objects.create(name=INDEX, proof=_index_proof())


def note_index() -> None:
    """The indexes were made anew with the key now in the ring."""
    FieldKey.objects.update_or_create(name=INDEX, defaults={"proof": _index_proof()})


def _proof(name: str) -> str:
    return crypto.seal(WORD, table="portal_fieldkey", column="proof", uid=name)


def _opens(noted: FieldKey) -> bool:
    try:
        return crypto.open_sealed(noted.proof, table="portal_fieldkey", column="proof", uid=noted.name) == WORD
    except SealError:
        return False


def _index_proof() -> str:
    return crypto.blind_index(WORD, field="portal.field_key")
