"""The words of the pages: masks, figures, days, fields and the summary of errors."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from core.fields import Segments
from core.templatetags import ui


def draw(text, **context):
    return Template("{% load ui %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("whole", "shown"),
    [("99999919940830452X", "999***********452X"), ("", ""), ("123", "***"), (None, "")],
)
def test_an_id_number_shows_its_first_three_and_last_four(whole, shown):
    assert ui.mask_id(whole) == shown


@pytest.mark.parametrize(("whole", "shown"), [("13800005678", "138****5678"), ("5678", "****"), (None, "")])
def test_a_mobile_shows_its_first_three_and_last_four(whole, shown):
    assert ui.mask_mobile(whole) == shown


@pytest.mark.parametrize(("figure", "shown"), [(6516, "6\u202f516"), (34, "34"), (0, "0"), (None, "—")])
def test_a_figure_is_parted_by_thin_spaces_and_nothing_is_a_dash(figure, shown):
    assert ui.thin(figure) == shown


@pytest.mark.parametrize(("share", "shown"), [(Decimal("0.590476"), "59.0%"), (0, "0.0%"), (1, "100.0%"), (None, "—")])
def test_a_share_of_nothing_is_a_dash_and_never_nought(share, shown):
    assert ui.percent(share) == shown


def test_days_and_moments_are_written_one_way():
    moment = datetime.datetime(2026, 11, 19, 16, 30, tzinfo=datetime.UTC)
    assert ui.ymd(datetime.date(2026, 1, 2)) == "2026-01-02"
    assert ui.ymd(moment) == "2026-11-20"
    assert ui.ymd_hm(moment) == "2026-11-20 00:30"
    assert ui.ymd(None) == ui.ymd_hm(None) == "—"


def test_a_status_is_shape_and_word():
    assert draw('{% status "late" words %}', words="逾期<51>天") == (
        '<span class="status status-late">逾期&lt;51&gt;天</span>'
    )


def test_a_status_nobody_drew_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="No such status"):
        ui.status("red", "逾期")


class Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致", error_messages={"required": "请填写姓名"})
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    way = forms.ChoiceField(label="方式", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="已核对")


def test_a_wrong_field_names_its_hint_and_its_error_to_those_who_listen():
    html = draw("{% field form.name %}", form=Form({}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<span class="hint" id="id_name_helptext">与身份证一致</span>' in html
    assert '<span class="field-error" id="id_name_error">请填写姓名</span>' in html
    assert '<label class="label" for="id_name">姓名</label>' in html


def test_only_what_may_stay_empty_is_marked():
    form = Form()
    assert "（选填）" in draw("{% field form.note %}", form=form)
    assert "（选填）" not in draw("{% field form.name %}", form=form)


def test_choices_share_one_legend_and_each_has_its_label():
    html = draw("{% field form.way %}", form=Form())
    assert html.count("<legend") == 1
    assert 'for="id_way_0"' in html
    assert 'for="id_way_1"' in html


def test_choices_under_each_other_wear_the_ring_of_the_house_and_those_side_by_side_none():
    class Answers(forms.Form):
        way = forms.ChoiceField(choices=[("a", "甲")], widget=forms.RadioSelect)
        some = forms.MultipleChoiceField(choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple)
        size = forms.ChoiceField(choices=[("a", "甲")], widget=Segments)

    shown = [render_to_string("_field.html", ui.field(bound)) for bound in Answers()]
    assert ['class="tick"' in html for html in shown] == [True, True, False]


def test_every_kind_of_control_wears_the_class_of_its_kind():
    form = Form()
    assert 'class="input"' in draw("{% field form.name %}", form=form)
    assert 'class="textarea"' in draw("{% field form.note %}", form=form)
    assert 'class="tick"' in draw("{% field form.sure %}", form=form)


def test_the_summary_repeats_each_sentence_and_links_to_its_control():
    html = render_to_string("_errors.html", {"form": Form({"way": "a", "sure": "on"})})
    assert '<a href="#id_name">请填写姓名</a>' in html
    assert "有 1 处需要修改" in html
    assert 'tabindex="-1"' in html
    assert "autofocus" in html


@pytest.mark.parametrize("form", [None, Form(), Form({"name": "李敏", "way": "a", "sure": "on"})])
def test_without_errors_there_is_no_summary(form):
    assert render_to_string("_errors.html", {"form": form}).strip() == ""


def test_a_change_reads_old_then_new():
    html = render_to_string("_diff.html", {"old": "大学本科", "new": "硕士研究生"})
    assert html.index("大学本科") < html.index("硕士研究生")
    assert "<del>" not in render_to_string("_diff.html", {"old": "", "new": "硕士研究生"})


def test_a_masked_value_offers_to_be_seen_only_to_those_who_may():
    shown = {"masked": "138****5678", "name": "手机"}
    assert "查看" in render_to_string("_mask.html", shown | {"url": "/reveal/"})
    assert "查看" not in render_to_string("_mask.html", shown)


def test_the_place_of_the_seal_stays_empty_until_the_act_has_taken_effect():
    assert 'class="seal"' in render_to_string("_seal.html", {"words": "办结", "done": True})
    assert 'class="seal"' not in render_to_string("_seal.html", {"words": "办结", "done": False})
