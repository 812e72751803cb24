"""党组织."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from cells import rules, setup
from cells.choices import CellKind
from cells.domain import reveals, setting_up, terms, tree
from cells.filters import CellCriteria
from cells.models import Cell
from cells.serializers import cells as told
from core.rest.deeds import deed, look
from core.rest.resource import Resource


class Cells(Resource):
    """党组织."""

    model = Cell
    base = scope = "cells"
    shape = told.CellShape
    criteria = CellCriteria
    orders = {"name": "name_pinyin", "code": "pk", "kind": "kind", "founded_on": "founded_on", "due_on": "due_on"}
    reveals = {"contact_phone": reveals.reveal_cell_phone}

    def reach(self):
        return Cell.objects.visible_to(self.by).with_term()

    @deed(_("新建党组织"), answers=told.FoundAnswers, may=rules.KEEP_CELL)
    def create(self, **answers):
        return tree.found(by=self.by, on=self.today, **answers)

    @deed(_("更正资料"), answers=told.CorrectAnswers, may=rules.KEEP_CELL)
    def partial_update(self, cell, **answers):
        return tree.correct(cell, version=self.version, by=self.by, on=self.today, **answers)

    @deed(_("更名"), answers=told.RenameAnswers, may=rules.KEEP_CELL)
    def rename(self, cell, **answers):
        return tree.rename(cell, by=self.by, **answers)

    @deed(_("划转上级"), answers=told.MoveAnswers, may=rules.KEEP_CELL)
    def move(self, cell, **answers):
        return tree.move(cell, by=self.by, **answers)

    @deed(_("变更组织类别"), answers=told.ReorganiseAnswers, may=rules.KEEP_CELL)
    def reorganise(self, cell, **answers):
        return tree.reorganise(cell, by=self.by, **answers)

    @deed(_("并入其他党组织"), answers=told.MergeAnswers, may=rules.KEEP_CELL)
    def merge(self, cell, **answers):
        return tree.merge(cell, by=self.by, **answers)

    @deed(_("撤销党组织"), answers=told.DissolveAnswers, may=rules.KEEP_CELL)
    def dissolve(self, cell, **answers):
        return tree.dissolve(cell, by=self.by, **answers)

    @deed(_("登记届次"), answers=told.TermAnswers, may=rules.KEEP_CELL, shape=told.TermShape)
    def begin_term(self, cell, **answers):
        return terms.begin(cell, by=self.by, on=self.today, **answers)

    @look(_("上手清单"), shape=told.SetupShape)
    def setup(self, cell):
        """The tasks as the facts have them. A group has none, nor has what is dissolved."""
        if cell.dissolved_on or cell.kind == CellKind.GROUP:  # as its page is not found
            raise Http404
        return setup.of(cell, on=self.today)

    @deed(_("确认上手清单的一项"), answers=told.ConfirmAnswers, may=rules.SET_UP)
    def confirm_setup(self, cell, **answers):
        return setting_up.confirm(cell, by=self.by, on=self.today, **answers).cell

    @deed(_("收起上手清单"), may=rules.SET_UP)
    def put_away_setup(self, cell):
        return setting_up.put_away(cell, by=self.by, on=self.today).cell

    @deed(_("重新打开上手清单"), may=rules.SET_UP)
    def bring_back_setup(self, cell):
        return setting_up.bring_back(cell, by=self.by, on=self.today)
