"""How the names in docs/matrix.md become an address: what fills the gaps of each route, from left to right."""

from uuid import UUID

from ledgers.models import StagedRow

NO_NUMBER = 999_999_999


def cell(props, name):
    return "ZB-9999" if name == "nowhere" else props.cells[name].code


def company(props, name):
    return "QY-9999" if name == "nowhere" else props.companies[name].code


def contact(props, _company, name):
    return NO_NUMBER if name == "nobody" else props.companies[name].contacts.get().pk


def assignment(props, company, name):
    return NO_NUMBER if name == "nobody" else props.assignments[company].pk


def advisor(props, name):
    return "U-222222" if name == "nobody" else getattr(props.party, name).code


def officer(props, _cell, name):
    if name == "nobody":
        return NO_NUMBER
    holder = props.newcomer if name == "newcomer" else getattr(props.party, name)
    return holder.appointments.get().pk


def member(props, name):
    if name == "nobody":
        return "DY-999999"
    return getattr(props if name in ("wu", "gao") else props.party, name).code


def merge(props, _member, name):
    return UUID(int=0) if name == "nobody" else props.merges[name].uid


def change_request(props, name):
    return "GZ-999999" if name == "nobody" else props.requests[name].code


def right(props, name):
    return "GX-999999" if name == "nobody" else props.rights[name].code


def notice(props, name):
    return NO_NUMBER if name == "nobody" else props.notices[name].pk


def job(props, name):
    return "RW-999999" if name == "nobody" else props.jobs[name].code


def act(props, name):
    return UUID(int=0) if name == "nobody" else props.acts[name]


def the_import(props, name):
    return "2026-9999" if name == "nowhere" else props.imports[name].ref


def staged(props, _import, name):
    if name == "nowhere":
        return NO_NUMBER
    return StagedRow.objects.of(props.imports[name]).order_by("number").first().pk


def taken(props, name):
    return "DC-999999" if name == "nobody" else props.exports[name].code


def own_invitation(props, name):
    return "of-nobodys-making" if name == "made up" else props.own_invitation.rstrip("/").split("/")[-1]


def word(_props, *names):
    return names[-1]


def snapshot(props, name):
    return "KZ-999999" if name == "nowhere" else props.snapshots[name].code


def account(props, name):
    if name == "closed":
        return props.closed.code
    return "U-NOBODY" if name == "nobody" else getattr(props.party, name).code


def announcement(props, name):
    return "GG-9999" if name == "nowhere" else props.announcements[name].code


def kept_filter(props, name):
    return "SX-999999" if name == "nowhere" else props.filters[name].code


def passkey(props, name):
    return NO_NUMBER if name == "nobody" else props.passkeys[name].pk


def lost(props, name):
    return "CZ-999999" if name == "nobody" else props.recoveries[name].code


def device(props, name):
    return NO_NUMBER if name == "nobody" else props.devices[name].pk


def program_token(props, name):
    return "LP-999999" if name == "nobody" else props.tokens[name].code


def webhook(props, name):
    return "TS-999999" if name == "nowhere" else props.webhooks[name].code


def token(props, name):
    return "of-nobodys-making" if name == "made up" else props.invitation.split("/")[-2]


# What must be there although the address does not name it.
DRAWN = {
    "readyz": "a_worker",
    "mfa_reauthenticate_webauthn": "passkeys",
    "mfa_deactivate_totp": "factors",
    "mfa_view_recovery_codes": "factors",
    "mfa_download_recovery_codes": "factors",
    "reports:monthly": "monthlies",
}

# What is asked for behind the question mark.
ASKED = {"scope": cell, "member": member, "of": snapshot, "list": word}

# What fills the gaps in the address of a route, from left to right.
SHELVES = {
    **dict.fromkeys(
        [
            "cells:cell", "cells:cell-history", "cells:cell-reveal", "cells:term-begin", "cells:officers",
            "cells:preview",
            "cells:cell-setup",
            *(f"cells:cell-{deed}" for deed in ("correct", "rename", "move", "reorganise", "merge", "dissolve")),
            "members:roster", "members:roster-place", "members:member-enrol", "members:enrol-number",
            "reports:snapshot-draw",
        ],
        (cell,),
    ),
    **dict.fromkeys(["cells:officer-end", "cells:officer-invite"], (cell, officer)),
    **dict.fromkeys(
        ["cells:company", "cells:company-correct", "cells:company-survey", "cells:contact-add",
         "cells:company-advisors"],
        (company,),
    ),
    "cells:assignment-end": (company, assignment),
    "cells:advisor": (advisor,),
    **dict.fromkeys(["cells:contact-correct", "cells:contact-remove", "cells:contact-reveal"], (company, contact)),
    **dict.fromkeys(
        [
            "members:member",
            *(
                f"members:member-{deed}"
                for deed in (
                    "correct", "in-place", "reveal", "convert", "place", "suspend", "restore", "leave", "record-death",
                    "merge", "void", "link", "unlink", "invite",
                )
            ),
        ],
        (member,),
    ),
    "members:merge-undo": (member, merge),
    "portal:act-undo": (act,),
    **dict.fromkeys(["members:own-item", "members:privacy-answer"], (word,)),
    **dict.fromkeys(["members:activate", "members:activate-doubt"], (own_invitation,)),
    **dict.fromkeys(
        [
            "members:request",
            *(f"members:request-{part}" for part in ("withdraw", "decide", "grant", "refuse", "evidence")),
        ],
        (change_request,),
    ),
    **dict.fromkeys(["members:right", "members:right-grant", "members:right-refuse"], (right,)),
    "notices:notice-open": (notice,),
    **dict.fromkeys(["work:job", "work:job-cancel", "work:job-retry"], (job,)),
    "exports:new": (word,),
    **dict.fromkeys(["exports:file", "exports:discard", "api:exports-detail", "api:exports-file"], (taken,)),
    **dict.fromkeys([f"api:jobs-{part}" for part in ("detail", "log", "cancel", "retry")], (job,)),
    "ledgers:template": (word,),
    **dict.fromkeys(
        [
            "ledgers:import",
            *(f"ledgers:import-{step}" for step in ("files", "columns", "trial", "commit", "abandon", "replace")),
            *("ledgers:import-undo-trial", "ledgers:import-undo"),
        ],
        (the_import,),
    ),
    **dict.fromkeys(["ledgers:row", "ledgers:row-cell"], (the_import, staged)),
    "ledgers:problems": (the_import, word),
    **dict.fromkeys(["reports:figure", "reports:figure-csv"], (word,)),
    **dict.fromkeys(["reports:snapshot", "reports:snapshot-xlsx"], (snapshot,)),
    "reports:monthly": (word,),
    **dict.fromkeys(["mfa_remove_webauthn", "mfa_edit_webauthn"], (passkey,)),
    "accounts:invitation": (token,),
    "accounts:settings-list": (word,),
    **dict.fromkeys(["cells:filter", "cells:filter-remove", "api:saved-filters-detail"], (kept_filter,)),
    "accounts:device-end": (device,),
    **dict.fromkeys(["cells:recovery", "cells:recovery-refuse"], (lost,)),
    **dict.fromkeys(["portal:guide", "portal:rule", "portal:problem"], (word,)),
    **dict.fromkeys(
        ["cells:person", "cells:account-close", "cells:account-reopen", "cells:account-unlock"], (account,)
    ),
    **dict.fromkeys([f"integrations:token{deed}" for deed in ("", "-rotate", "-end")], (program_token,)),
    **dict.fromkeys([f"api:tokens-{deed}" for deed in ("detail", "rotate", "end")], (program_token,)),
    "integrations:person-tokens": (account,),
    **dict.fromkeys(
        [f"integrations:webhook{part}" for part in ("", "-edit", "-rotate", "-replay", "-end")], (webhook,)
    ),
    "integrations:webhook-step": (webhook, word),
    **dict.fromkeys(
        [
            f"api:webhooks-{part}"
            for part in (
                "detail", "rotate", "pause", "resume", "take-over", "end", "test", "replay", "deliveries",
            )
        ],
        (webhook,),
    ),
    **dict.fromkeys(["news:announcement", "news:correct", "news:withdraw"], (announcement,)),
}  # fmt: skip
