"""How often a wrong password or code may be tried: counted in one statement, so that many at once gain nothing.

Kept in the database: a cache that was emptied would forgive. Names nobody has are counted like any other, under a
keyed hash, so that the answer and the rows tell no existence.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from accounts import telling
from accounts.models import Tries, User
from audit import trail
from core.actors import SYSTEM

LOCKED_OUT = gettext_lazy(
    "有人多次输错您的密码或验证码，登录已暂停 %(minutes)s 分钟。如果不是您本人，请告诉技术管理员。"
)

_COUNT = """
INSERT INTO accounts_tries AS tried (key, count, until) VALUES (%(key)s, 1, %(later)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN tried.until <= %(now)s THEN 1 ELSE LEAST(tried.count + 1, 30000) END,
    until = CASE WHEN tried.until <= %(now)s OR tried.count + 1 = %(most)s THEN %(later)s ELSE tried.until END
RETURNING count
"""


@dataclass(frozen=True)
class Limit:
    """So many tries; with the last of them the door shuts for ``minutes``."""

    name: str
    most: int
    minutes: int = 15

    def key(self, whose: str) -> str:
        return salted_hmac("accounts.tries", f"{self.name}:{whose}", algorithm="sha256").hexdigest()

    def take(self, whose: str) -> int:
        """Count one try before it is made; returns the how-manieth it is."""
        now = timezone.now()
        later = now + timedelta(minutes=self.minutes)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"key": self.key(whose), "now": now, "later": later, "most": self.most})
            return int(cursor.fetchone()[0])

    def give_back(self, whose: str) -> None:
        """The try was a right one."""
        Tries.objects.filter(key=self.key(whose)).update(count=Greatest(F("count") - 1, 0))

    def forget(self, whose: str) -> bool:
        """Open the door; whether it was shut."""
        now = timezone.now()
        shut = Tries.objects.filter(key=self.key(whose), until__gt=now, count__gte=self.most).exists()
        Tries.objects.filter(key=self.key(whose)).update(count=0)
        return shut

    def is_shut(self, whose: str) -> bool:
        return Tries.objects.filter(key=self.key(whose), until__gt=timezone.now(), count__gte=self.most).exists()


# Wrong passwords for one name, wrong passwords from one address, wrong codes of one person; wrong passwords given by
# somebody signed in, whom strangers at the door with the same name do not shut out.
NAME = Limit("name", most=10)
ADDRESS = Limit("address", most=50)
CODE = Limit("code", most=5)
AGAIN = Limit("again", most=10)


def try_password(username: str, address: str) -> bool:
    """May a password be tried for this name from this address? Counts the try."""
    username = User.normalize_username(username)
    if ADDRESS.take(address) > ADDRESS.most:
        return False
    nth = NAME.take(username)
    if nth == NAME.most:
        # The password may yet be right; then the holder reads that it was a near thing.
        _tell(User.objects.filter(username=username, is_active=True).first(), NAME)
    return nth <= NAME.most


def password_was_right(username: str, address: str) -> None:
    """The holder knows it: earlier slips at this name are forgiven, those from this address are not."""
    NAME.forget(User.normalize_username(username))
    ADDRESS.give_back(address)


def try_again(user: User) -> bool:
    """May somebody signed in give their password once more? Counts the try."""
    nth = AGAIN.take(user.code)
    if nth == AGAIN.most:
        _tell(user, AGAIN)
    return nth <= AGAIN.most


def again_was_right(user: User) -> None:
    AGAIN.forget(user.code)


def try_code(user: User) -> bool:
    """May a code be tried for this person? Counts the try."""
    nth = CODE.take(user.code)
    if nth == CODE.most:
        _tell(user, CODE)
    return nth <= CODE.most


def code_was_right(user: User) -> None:
    CODE.forget(user.code)


def is_locked(user: User) -> bool:
    """Is the door shut to this person, whatever they type?"""
    if CODE.is_shut(user.code) or AGAIN.is_shut(user.code):
        return True
    return user.username is not None and NAME.is_shut(user.username)


def open_door(user: User) -> bool:
    """Forget what was tried wrong for this person; whether the door was shut. Asks for no permission."""
    found = [CODE.forget(user.code), AGAIN.forget(user.code), user.username is not None and NAME.forget(user.username)]
    return any(found)


@transaction.atomic
def _tell(user: User | None, limit: Limit) -> None:
    if user is None:
        return
    trail.record("accounts.locked_out", user, by=SYSTEM, at="", facts={"minutes": limit.minutes})
    telling.tell(user, LOCKED_OUT, facts={"minutes": limit.minutes})
