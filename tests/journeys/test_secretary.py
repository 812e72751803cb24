"""What a secretary does in two hours a month: find somebody, put a field right, take somebody in."""

import re
from datetime import date

from playwright.sync_api import expect

from members.models import Member
from tests.cast import enlist, fictional_id_number

# J12 asks for six seconds: one chord, three letters, one key. S4 asks for a member in forty-five.
STEPS_TO_FIND_SOMEBODY = 3
STEPS_TO_ADD_SOMEBODY = 12


class Steps:
    """Counts what a person does: a click, a field filled, a key that is not part of a word."""

    def __init__(self):
        self.taken = 0

    def __call__(self, act, *args, **kwargs):
        self.taken += 1
        return act(*args, **kwargs)


def test_somebody_is_found_by_the_initials_in_three_steps(page, party, sign_in):
    enlist("张建国", party.yunshan)
    sign_in("secretary")
    step = Steps()
    step(page.keyboard.press, "Control+k")
    step(page.keyboard.type, "zjg")
    step(page.keyboard.press, "Enter")
    # The record, or what was found, for who was faster than the list below the field.
    expect(page).to_have_url(re.compile(r"/members/DY-|/search/\?q=zjg"))
    expect(page.get_by_role("main")).to_contain_text("张建国")
    assert step.taken <= STEPS_TO_FIND_SOMEBODY


def test_a_field_is_put_right_and_the_card_shows_it(page, address, party, sign_in):
    sign_in("secretary", then=party.wang.get_absolute_url())
    page.get_by_role("link", name="编辑").click()
    page.get_by_role("textbox", name=re.compile("^手机号")).fill("139 0000 8866")
    page.get_by_role("button", name="保存").first.click()
    expect(page).to_have_url(f"{address}{party.wang.get_absolute_url()}")
    expect(page.get_by_role("main")).to_contain_text("139****8866")


def test_a_member_is_taken_in_with_the_number_first(page, party, sign_in):
    sign_in("secretary", then=f"/cells/{party.yunshan.code}/roster/")
    step = Steps()
    step(page.get_by_role("link", name="补录一名").click)
    step(page.get_by_label("公民身份证号").fill, fictional_id_number(date(1996, 3, 8), 77))
    step(page.get_by_label("姓名", exact=True).fill, "欧阳静")
    expect(page.get_by_label(re.compile("^出生日期"))).to_have_value("1996-03-08")
    step(page.get_by_label("学历").select_option, label="大学本科毕业")
    step(page.get_by_label("人员类别").select_option, label="正式党员")
    step(page.get_by_label("加入党组织日期").fill, "20180601")
    step(page.get_by_label("转为正式党员日期").fill, "2019.6.1")
    step(page.get_by_role("textbox", name=re.compile("^手机号")).fill, "13900007788")
    step(page.get_by_role("button", name="保存", exact=True).click)
    expect(page.get_by_role("heading", level=1)).to_contain_text("欧阳静")
    assert step.taken <= STEPS_TO_ADD_SOMEBODY
    assert Member.objects.get(name="欧阳静").cell == party.yunshan


def test_somebody_on_another_roster_is_named_and_not_taken_in_twice(page, party, sign_in):
    enlist("周子墨", party.first_group, id_number=fictional_id_number(date(1996, 3, 8), 78))
    sign_in("secretary", then=f"/cells/{party.yunshan.code}/roster/add/")
    page.get_by_label("公民身份证号").fill(fictional_id_number(date(1996, 3, 8), 78))
    page.get_by_label("姓名", exact=True).fill("周子墨")
    expect(page.get_by_role("main")).to_contain_text("第一党小组")


def test_a_wrong_number_says_which_digit_and_keeps_what_was_typed(page, party, sign_in):
    right = fictional_id_number(date(1996, 3, 8), 77)
    sign_in("secretary", then=f"/cells/{party.yunshan.code}/roster/add/")
    page.get_by_label("姓名", exact=True).fill("欧阳静")
    page.get_by_label("公民身份证号").fill(right[:-1] + ("1" if right[-1] != "1" else "2"))
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(f"校验位应为 {right[-1]}")
    expect(page.get_by_label("姓名", exact=True)).to_have_value("欧阳静")
    expect(page).to_have_title(re.compile("^需修改："))


def test_two_editors_meet_on_a_page_that_shows_both(page, party, sign_in):
    sign_in("secretary", then=f"{party.wang.get_absolute_url()}edit/")
    Member.objects.filter(pk=party.wang.pk).update(version=party.wang.version + 1, email="other@example.com")
    page.get_by_text("更多信息").click()
    page.get_by_label("邮箱").fill("mine@example.com")
    page.get_by_role("button", name="保存").first.click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("other@example.com")
    expect(main).to_contain_text("mine@example.com")


def test_the_session_ends_while_a_form_is_filled_and_nothing_is_lost(page, address, party, sign_in):
    sign_in("secretary", then=f"/cells/{party.yunshan.code}/roster/add/")
    page.get_by_label("姓名", exact=True).fill("欧阳静")
    page.get_by_label("公民身份证号").fill(fictional_id_number(date(1996, 3, 8), 77))
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_label("用户名").fill("secretary")
    page.get_by_label("密码", exact=True).fill("password")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="回到填好的表单").click()
    expect(page.get_by_label("姓名", exact=True)).to_have_value("欧阳静")
    assert not Member.objects.filter(name="欧阳静").exists()


def test_a_number_is_revealed_only_with_a_purpose_and_the_card_says_who_looked(page, party, sign_in):
    sign_in("secretary", then=party.wang.get_absolute_url())
    main = page.get_by_role("main")
    expect(main).not_to_contain_text("13800005678")
    page.get_by_role("link", name=re.compile("查看.*手机")).or_(
        page.get_by_role("button", name=re.compile("查看.*手机"))
    ).first.click()
    page.get_by_label("用途").fill("核对党费交纳情况")
    page.get_by_role("button", name=re.compile("查看")).last.click()
    expect(main).to_contain_text("13800005678")
