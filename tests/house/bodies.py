"""What the forms of docs/matrix.md are sent with."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cells.choices import Office
from ledgers.choices import Kind
from members.choices import RightKind
from members.models import Member
from tests import cast
from tests.house.props import WEBHOOK
from tests.members.paper import photo

TODAY = cast.TODAY.isoformat()
# Of a token, which is counted from the day it is drawn.
IN_TWO_MONTHS = (timezone.localdate() + timedelta(days=60)).isoformat()
NEW_WORDS = "云杉 银杏 白桦 水曲柳"
SOMEBODY = {
    "id_number": cast.fictional_id_number(date(1991, 3, 4), 997), "name": "林晓", "category": "full",
    "joined_on": "2015-06-01", "converted_on": "2016-06-01", "ethnicity": "01", "education": "21", "post": "022",
}  # fmt: skip


def _corrected(props):
    now = Member.objects.get(pk=props.party.wang.pk)
    return SOMEBODY | {
        "id_number": "",
        "name": "王滔",
        "version": now.version,
        "gender": "1",
        "birth_date": "1990-01-01",
    }


# What the forms are sent with. A route that is not here is posted to with nothing.
BODIES = {
    "portal:feedback": {"text": "名册打不开", "reply_to": "", "page": ""},
    "cells:cell-found": lambda props: {
        "superior": props.party.north.code, "name": "中共新枝有限公司支部委员会", "kind": "branch"
    },
    "cells:cell-correct": {"version": 0, "name": "中共新名有限公司支部委员会"},
    "cells:cell-rename": {"name": "中共新名有限公司支部委员会", "on": TODAY},
    "cells:cell-move": lambda props: {"superior": props.party.north.code, "on": TODAY},
    "cells:cell-reorganise": {"kind": "joint_branch", "on": TODAY},
    "cells:cell-merge": lambda props: {"into": props.party.yuanfan.code, "on": TODAY},
    "cells:cell-dissolve": {"reason": "企业注销", "on": TODAY},
    "cells:term-begin": {"number": 2, "from_on": TODAY, "due_on": "2029-11-19"},
    "cells:cell-reveal": {"purpose": "通知座谈会"},
    "cells:officers": {"name": "林晓", "office": Office.ORGANISATION_COMMISSIONER, "on": TODAY, "open_account": "on"},
    "cells:officer-end": {"reason": "换届", "on": TODAY},
    "cells:company-register": lambda props: {
        "name": "新枝有限公司", "keeper": props.party.north.code, "surveyed_on": TODAY, "operating": "on"
    },
    "cells:company-correct": lambda props: {"version": 0, "name": "新名有限公司", "keeper": props.party.north.code},
    "cells:company-survey": {"version": 0, "surveyed_on": TODAY, "operating": "on", "staff": 61},
    "cells:cell-setup": {"act": "put_away"},
    "cells:company-advisors": lambda props: {"advisor": props.party.advisor.pk, "assigned_on": TODAY},
    "cells:assignment-end": {"reason": "轮换", "ended_on": TODAY},
    "cells:advisor": lambda props: {"company": props.companies["qingshan"].code, "assigned_on": TODAY},
    "cells:contact-add": {"name": "何联络", "phone": "021-11111111"},
    "cells:contact-correct": {"name": "何联络"},
    "cells:contact-reveal": {"purpose": "通知座谈会"},
    "members:member-enrol": SOMEBODY,
    "members:enrol-number": {"id_number": SOMEBODY["id_number"]},
    "members:member-correct": _corrected,
    "members:member-in-place": lambda props: {
        "version": Member.objects.get(pk=props.party.wang.pk).version, "post": "022", "mobile": "13900008866"
    },
    "members:member-reveal": {"item": "id_number", "purpose": "核对组织关系"},
    "members:member-convert": {"on": TODAY},
    "members:member-place": lambda props: {"cell": props.party.first_group.code, "reason": "编入小组", "on": TODAY},
    "members:member-suspend": {"reason": "失去联系六个月", "on": TODAY},
    "members:roster-place": lambda props: {"cell": props.party.first_group.code, "reason": "编入小组", "on": TODAY},
    "members:member-void": {"reason": "补录错了人", "on": TODAY},
    "members:member-restore": lambda props: {"cell": props.party.yunshan.code, "reason": "已经找到", "on": TODAY},
    "members:member-leave": {"reason": "transferred_out", "on": TODAY},
    "members:member-record-death": {"on": TODAY},
    "members:member-merge": lambda props: {"absorbed": props.double.code, "reason": "同一个人", "on": TODAY},
    "members:request-new": lambda props: {
        "item": "name", "new": "王滔", "evidence": SimpleUploadedFile("证件.jpg", photo())
    },
    "members:rights": {"kind": RightKind.CORRECTION, "words": "籍贯写错了"},
    "members:right-grant": {"answer": ""},
    "members:right-refuse": {"answer": "与档案一致，不能更改"},
    "members:request-withdraw": {},
    "members:request-grant": {},
    "members:request-refuse": {"reason": "证件看不清"},
    "members:requests-grant": lambda props: {"code": [props.requests["wang"].code]},
    "members:own-item": {"mobile": "13900008866"},
    "members:privacy-answer": {"given": "yes", "version": "1"},
    "members:activate": {"step": "facts"},
    "members:activate-doubt": {"doubts": ["name"]},
    "members:member-link": lambda props: {"user": props.party.stranger.code},
    "exports:new": {"format": "csv", "every": "seen"},
    "api:exports-list": {"resource": "members"},
    "ledgers:template-filled": {"kind": Kind.MEMBERS, "purpose": "年底核对"},
    "ledgers:import-replace": {"kind": Kind.MEMBERS, "field": "category", "old": "正式党员", "new": "预备党员"},
    "ledgers:row": {"name": "林小"},
    "ledgers:row-cell": {"field": "name", "text": "林小"},
    "reports:snapshot-draw": {"on": TODAY},
    "cells:preview": {"office": Office.ORGANISATION_COMMISSIONER},
    "cells:recovery": {"checked": "当面核对身份证", "met": "on"},
    "cells:recovery-refuse": {"refuse-reason": "本人说没有申请"},
    "account_login": {"login": "nobody", "password": "guess"},
    "accounts:settings-display": {"theme": "dark"},
    "accounts:settings-list": {"columns": "name,code", "density": "compact", "size": "20"},
    "api:saved-filters-list": {"listing": "cells.cells", "name": "各支部", "query": "kind=branch"},
    "api:saved-filters-detail": {"name": "各支部"},
    "cells:filter-new": {"name": "各支部", "query": "kind=branch"},
    "cells:filter": {"name": "各支部", "query": "kind=branch", "version": 1},
    "accounts:settings-profile": {"name": "新名", "email": ""},
    **dict.fromkeys(
        ["integrations:token-new", "api:tokens-list"],
        lambda props: {
            "name": "名册同步", "cell": props.party.yunshan.code, "scopes": ["cells:read"], "expires_on": IN_TWO_MONTHS
        },
    ),
    "integrations:token-rotate": {"expires_on": IN_TWO_MONTHS},
    "api:tokens-rotate": {"expires_on": IN_TWO_MONTHS},
    "integrations:token-end": {},
    **dict.fromkeys(
        ["integrations:webhook-new", "api:webhooks-list"], lambda props: WEBHOOK | {"cell": props.party.north.code}
    ),
    "integrations:webhook-edit": WEBHOOK | {"version": 1},
    "integrations:webhook-rotate": {"hours": 24},
    "integrations:webhook-replay": {"since": TODAY},
    "integrations:webhook-end": {},
    "integrations:webhook-step": {},
    "api:webhooks-detail": {"name": "新名册"},
    "api:webhooks-rotate": {"hours": 24},
    "api:webhooks-replay": {"since": "2026-11-20T00:00:00+08:00"},
    "cells:account-close": {"reason": "离职"},
    "cells:account-reopen": {"reason": "返岗"},
    "portal:rule": {"value": 200, "shown": 200, "on": TODAY, "reason": "早作准备", "save": "1"},
    "news:publish": {
        "kind": "notice", "title": "系统维护公告", "body": "周日 1 时至 3 时。", "title_en": "", "body_en": "",
    },
    "news:correct": {"version": 1, "title": "改期", "body": "改在下周。", "title_en": "", "body_en": ""},
    "news:withdraw": {"reason": "日期写错"},
    "accounts:invitation": {"username": "newcomer", "password": NEW_WORDS, "again": NEW_WORDS},
}  # fmt: skip
