from django.urls import path

from members.views import deeds, records, rosters

app_name = "members"
urlpatterns = [
    path("members/", rosters.members, name="members"),
    path("cells/<str:code>/roster/", rosters.roster, name="roster"),
    path("cells/<str:code>/roster/place/", rosters.roster_place, name="roster-place"),
    path("cells/<str:code>/roster/add/", records.member_enrol, name="member-enrol"),
    path("cells/<str:code>/roster/add/number/", records.enrol_number, name="enrol-number"),
    path("members/<str:code>/", records.member, name="member"),
    path("members/<str:code>/edit/", records.member_correct, name="member-correct"),
    path("members/<str:code>/reveal/", deeds.member_reveal, name="member-reveal"),
    path("members/<str:code>/convert/", deeds.member_convert, name="member-convert"),
    path("members/<str:code>/place/", deeds.member_place, name="member-place"),
    path("members/<str:code>/suspend/", deeds.member_suspend, name="member-suspend"),
    path("members/<str:code>/restore/", deeds.member_restore, name="member-restore"),
    path("members/<str:code>/leave/", deeds.member_leave, name="member-leave"),
    path("members/<str:code>/death/", deeds.member_record_death, name="member-record-death"),
    path("members/<str:code>/void/", deeds.member_void, name="member-void"),
    path("members/<str:code>/merge/", deeds.member_merge, name="member-merge"),
    path("members/<str:code>/merges/<uuid:uid>/undo/", deeds.merge_undo, name="merge-undo"),
    path("members/<str:code>/account/", deeds.member_link, name="member-link"),
    path("members/<str:code>/account/remove/", deeds.member_unlink, name="member-unlink"),
]
