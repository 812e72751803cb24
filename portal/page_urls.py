from django.urls import path

from portal import acts, front, inbox, ops, problems, rulebook, styleguide, unsent, views
from portal.search import views as search

app_name = "portal"
urlpatterns = [
    path("", views.index, name="index"),
    path("front/", front.front, name="front"),
    path("front/emblem", front.emblem_file, name="emblem"),
    path("about/", front.about, name="about"),
    path("guides/", front.guides, name="guides"),
    path("guides/<slug:slug>/", front.guide, name="guide"),
    path("find-branch/", front.find_branch, name="find-branch"),
    path("privacy/", front.privacy, name="privacy"),
    path("problems/", problems.problems, name="problems"),
    path("problems/<slug:slug>/", problems.problem, name="problem"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("settings/rules/", rulebook.rules_page, name="rules"),
    path("settings/rules/<slug:item>/", rulebook.rule_page, name="rule"),
    path("home/", views.home, name="home"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("ops/", ops.ops, name="ops"),
    path("ops/examination/", ops.examination, name="ops-examination"),
    path("ops/mail/", ops.test_mail, name="ops-mail"),
    path("search/", search.search, name="search"),
    path("acts/", acts.recent, name="acts"),
    path("acts/<uuid:uid>/undo/", acts.undo, name="act-undo"),
    path("help/", views.help_page, name="help"),
    path("unsent/", unsent.unsent, name="unsent"),
    path("feedback/", views.feedback_page, name="feedback"),
    path("feedback/received/", views.feedback_received, name="feedback-received"),
]
