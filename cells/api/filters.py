"""已存的筛选."""

from django.utils.translation import gettext_lazy as _

from cells.domain import saved_filters
from cells.filters import SavedFilterCriteria
from cells.models import SavedFilter
from cells.saved import readable_by
from cells.serializers import filters as told
from core.rest.deeds import May, deed
from core.rest.resource import Resource

OWN = May(lambda by, saved: saved_filters.may_take_back(saved, by=by), lambda by: True)
KEPT = ("name", "query", "shared_with", "pinned")


class SavedFilters(Resource):
    """已存的筛选. 别人共享的可以用，不能改."""

    model = SavedFilter
    base = scope = "saved-filters"
    shape = told.SavedFilterShape
    criteria = SavedFilterCriteria
    orders = {"name": "name", "listing": "listing", "saved_at": "saved_at"}

    def reach(self):
        return readable_by(self.by).select_related("owner", "shared_with")

    @deed(_("保存为筛选"), answers=told.SaveFilterAnswers)
    def create(self, **answers):
        return saved_filters.save(by=self.by, on=self.today, **answers)

    @deed(_("修改筛选"), answers=told.ChangeFilterAnswers, may=OWN)
    def partial_update(self, saved, **answers):
        kept = {name: getattr(saved, name) for name in KEPT} | answers
        return saved_filters.change(saved, version=self.version, by=self.by, on=self.today, **kept)

    @deed(_("删除筛选"), may=OWN)
    def destroy(self, saved):
        saved_filters.remove(saved, by=self.by, on=self.today)
