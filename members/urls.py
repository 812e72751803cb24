from django.urls import path

import core.converters  # noqa: F401 -- "code" in the addresses below
from members.views import deeds, records, rosters

app_name = "members"
urlpatterns = [
    path("members/", rosters.members, name="members"),
    path("cells/<code:code>/roster/", rosters.roster, name="roster"),
    path("cells/<code:code>/roster/place/", rosters.roster_place, name="roster-place"),
    path("cells/<code:code>/roster/add/", records.member_enrol, name="member-enrol"),
    path("cells/<code:code>/roster/add/number/", records.enrol_number, name="enrol-number"),
    path("members/<code:code>/", records.member, name="member"),
    path("members/<code:code>/edit/", records.member_correct, name="member-correct"),
    path("members/<code:code>/reveal/", deeds.member_reveal, name="member-reveal"),
    path("members/<code:code>/convert/", deeds.member_convert, name="member-convert"),
    path("members/<code:code>/place/", deeds.member_place, name="member-place"),
    path("members/<code:code>/suspend/", deeds.member_suspend, name="member-suspend"),
    path("members/<code:code>/restore/", deeds.member_restore, name="member-restore"),
    path("members/<code:code>/leave/", deeds.member_leave, name="member-leave"),
    path("members/<code:code>/death/", deeds.member_record_death, name="member-record-death"),
    path("members/<code:code>/void/", deeds.member_void, name="member-void"),
    path("members/<code:code>/merge/", deeds.member_merge, name="member-merge"),
    path("members/<code:code>/merges/<uuid:uid>/undo/", deeds.merge_undo, name="merge-undo"),
    path("members/<code:code>/account/", deeds.member_link, name="member-link"),
    path("members/<code:code>/account/remove/", deeds.member_unlink, name="member-unlink"),
]
