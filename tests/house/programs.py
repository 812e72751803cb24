"""The addresses for programs in docs/matrix.md: what fills their gaps, and what is sent to them.

Every write names whatever version there is as the one it means.
"""

import json
from base64 import b64encode
from uuid import UUID

from audit.models import Entry
from members.models import Member
from tests.cast import LONG_AGO
from tests.house import shelves
from tests.house.bodies import BODIES, SOMEBODY, TODAY
from tests.house.shelves import SHELVES
from tests.members.paper import photo


def send(client, row, address, body, headers=None):
    """One request as a program makes it."""
    return client.generic(
        row.method,
        address,
        data="" if row.method == "GET" else json.dumps(body),
        content_type="application/json",
        headers={"if-match": "*"} | (headers or {}),
    )


def membership(props, name):
    """Since they were put on the roster."""
    return f"{shelves.member(props, name)}.2024-01-08"


def version(member):
    """As it stands now: what else was drawn may have changed the record."""
    return Member.objects.values_list("version", flat=True).get(pk=member.pk)


def absorbed(props, name):
    return shelves.merge(props, None, name)


def _like_the_page(api, page):
    """An address of members takes what the page takes, and is sent what is posted there."""
    SHELVES[f"api:{api}"] = SHELVES[f"members:{page}"][:1]
    if f"members:{page}" in BODIES:
        BODIES[f"api:{api}"] = BODIES[f"members:{page}"]


for deed in (
    "convert",
    "place",
    "suspend",
    "restore",
    "leave",
    "record-death",
    "void",
    "merge",
    "link",
    "unlink",
    "invite",
):
    _like_the_page(f"members-{deed}", f"member-{deed}")
for deed in ("withdraw", "grant", "refuse", "evidence"):
    _like_the_page(f"change-requests-{deed}", f"request-{deed}")
for deed in ("grant", "refuse"):
    _like_the_page(f"subject-requests-{deed}", f"right-{deed}")
SHELVES |= {
    **dict.fromkeys(["api:members-detail", "api:members-change"], (shelves.member,)),
    "api:memberships-detail": (membership,),
    **dict.fromkeys(["api:merges-detail", "api:merges-undo"], (absorbed,)),
    "api:change-requests-detail": (shelves.change_request,),
    "api:subject-requests-detail": (shelves.right,),
}
BODIES |= {
    "api:members-list": lambda props: SOMEBODY | {"cell": props.party.yunshan.code},
    "api:members-enrol-many": lambda props: {"enrolments": [SOMEBODY | {"cell": props.party.yunshan.code}]},
    "api:members-correct-many": lambda props: {
        "corrections": [{"member": props.party.wang.code, "version": version(props.party.wang), "remarks": "新"}]
    },
    "api:members-place-together": lambda props: (
        BODIES["members:member-place"](props) | {"members": [props.party.wang.code]}
    ),
    "api:members-detail": {"remarks": "新"},
    "api:members-change": {"mobile": "13900008866"},
    "api:members-unlink": {},
    "api:merges-undo": {},
    "api:change-requests-list": {"item": "name", "new": "王滔", "evidence": b64encode(photo()).decode()},
    "api:change-requests-grant-many": lambda props: {"requests": [props.requests["wang"].code]},
    "api:subject-requests-list": {"kind": "correction", "words": "籍贯写错了"},
}

# Organisations, companies, offices and accounts.


def contact(props, name):
    return UUID(int=0) if name == "nobody" else props.companies[name].contacts.get().uid


def assignment(props, name):
    if name == "nobody":
        return f"QY-9999.U-222222.{LONG_AGO}"
    return f"{props.companies[name].code}.{props.party.advisor.code}.{LONG_AGO}"


def office(props, name):
    """What somebody holds."""
    if name == "nobody":
        return f"ZB-9999.secretary.U-222222.{LONG_AGO}"
    held = getattr(props.party, name).appointments.get()
    return f"{held.cell.code}.{held.office}.{held.holder.code}.{held.starts_on}"


def person(props, name):
    return "U-222222" if name == "nobody" else shelves.account(props, name)


def _at(shelf, base, *deeds):
    return dict.fromkeys([f"api:{base}-{deed}" for deed in ("detail", *deeds)], (shelf,))


SHELVES |= {
    **_at(shelves.cell, "cells", "rename", "move", "reorganise", "merge", "dissolve", "begin-term"),
    **_at(shelves.cell, "cells", "setup", "confirm-setup", "put-away-setup", "bring-back-setup"),
    **_at(shelves.company, "companies", "survey"),
    **_at(contact, "contacts"),
    **_at(assignment, "assignments", "end"),
    **_at(office, "appointments", "end", "invite"),
    **_at(person, "people", "close", "reopen", "unlock"),
    **_at(shelves.word, "policies", "set-value"),
}
BODIES |= {
    "api:cells-list": lambda props: {
        "name": "中共新立有限公司支部委员会", "kind": "branch", "superior": props.party.north.code
    },
    "api:cells-detail": {"contact_name": "何联络"},
    "api:cells-rename": {"name": "中共新名有限公司支部委员会", "on": TODAY},
    "api:cells-move": lambda props: {"superior": props.party.association.code, "on": TODAY},
    "api:cells-reorganise": {"kind": "joint_branch", "on": TODAY},
    "api:cells-merge": lambda props: {"into": props.cells["idle"].code, "on": TODAY},
    "api:cells-begin-term": {"from_on": TODAY, "due_on": "2029-11-19"},
    "api:cells-put-away-setup": {},
    "api:companies-list": lambda props: {"name": "新来有限公司", "keeper": props.party.north.code},
    "api:companies-detail": {"park": "软件园"},
    "api:companies-survey": {"surveyed_on": TODAY, "staff": 61},
    "api:contacts-list": lambda props: {"company": props.companies["qingshan"].code, "name": "何联络"},
    "api:contacts-detail": {"name": "何联络"},
    "api:assignments-list": lambda props: {
        "company": props.companies["qingshan"].code, "advisor": props.party.advisor.code, "assigned_on": TODAY
    },
    "api:assignments-end": {"reason": "轮换", "ended_on": TODAY},
    "api:appointments-list": lambda props: {
        "cell": props.party.yunshan.code, "name": "新来的人", "office": "publicity_commissioner", "on": TODAY
    },
    "api:appointments-end": {"reason": "换届", "on": TODAY},
    "api:people-close": {"reason": "离职"},
    "api:policies-set-value": {"value": 200, "on": TODAY, "reason": "早作准备"},
}  # fmt: skip

# Imports, figures and the trail.


def entry(props, name):
    """What the trail has of the snapshot of a cell."""
    return "999999999" if name == "nowhere" else str(Entry.objects.about(props.snapshots[name]).get().pk)


IMPORT_STEPS = ("files", "columns", "edit", "replace", "trial", "commit", "abandon", "undo-trial", "undo")
SHELVES |= {
    **_at(shelves.the_import, "imports", "rows", *IMPORT_STEPS),
    **_at(shelves.word, "figures", "rows"),
    **_at(shelves.snapshot, "snapshots", "proof"),
    **_at(entry, "audit-entries"),
}
BODIES |= {
    "api:imports-columns": {"mappings": {}},
    "api:imports-edit": {"kind": "members", "number": 2, "field": "name", "text": "林晓"},
    "api:imports-replace": BODIES["ledgers:import-replace"],
    "api:snapshots-list": lambda props: {"cell": props.party.association.code, "on": TODAY},
}
