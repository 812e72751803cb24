"""What is wrong with a record, and what is worth knowing of it."""

from datetime import date

import pytest

from core.checked import HINT, NORMALISED
from members.checks import ACCEPTED, LIMITS, check_answers, check_item
from members.choices import Gender, IdKind, Standing
from members.models import Member
from tests.cast import TODAY, fictional_id_number

SOUND = {
    "name": "罗敏",
    "id_number": fictional_id_number(date(1988, 12, 6), 381),
    "gender": "男",
    "ethnicity": "汉族",
    "birth_date": "1988年12月6日",
    "education": "大学本科毕业",
    "category": "正式党员",
    "joined_on": "2024年4月11日",
    "converted_on": "2025年4月11日",
    "post": "企业专业技术人员",
    "mobile": "17244033880",
    "address": "示例市示例区示例路593号8栋2616",
    "standing": "正常",
    "is_migrant": "否",
    "flow_to": "",
}


def problems(**changed):
    return check_answers(SOUND | changed, on=TODAY).problems


def notes(**changed):
    found = check_answers(SOUND | changed, on=TODAY)
    assert not found.problems
    return {name: [note.kind for note in kinds] for name, kinds in found.notes.items()}


def test_a_sound_record_has_nothing_to_remark_and_comes_out_as_codes():
    found = check_answers(SOUND, on=TODAY)

    assert (found.problems, found.notes) == ({}, {})
    assert found.values | {"id_number": ""} == {
        "name": "罗敏", "id_number": "", "gender": Gender.MALE, "ethnicity": "01", "birth_date": date(1988, 12, 6),
        "education": "21", "category": "full", "joined_on": date(2024, 4, 11), "converted_on": date(2025, 4, 11),
        "post": "022", "mobile": "17244033880", "address": "示例市示例区示例路593号8栋2616", "standing": "normal",
        "is_migrant": False, "flow_to": "", "id_kind": IdKind.RESIDENT,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 51}, "name"),
        ({"id_number": ""}, "id_number"),
        ({"id_number": "4.40981E+17"}, "id_number"),
        ({"id_number": 9.9999919900101e17}, "id_number"),
        ({"id_number": SOUND["id_number"][:17] + "?"}, "id_number"),
        ({"gender": "女"}, "gender"),
        ({"ethnicity": "火星族"}, "ethnicity"),
        ({"birth_date": "1990年13月1日"}, "birth_date"),
        ({"education": "神童"}, "education"),
        ({"category": "党员"}, "category"),
        ({"category": ""}, "category"),
        ({"category": "预备党员", "joined_on": "2031年1月1日", "converted_on": ""}, "joined_on"),
        ({"joined_on": "2006年12月5日", "converted_on": "2008年1月1日"}, "joined_on"),
        ({"converted_on": "2025年4月10日"}, "converted_on"),
        ({"converted_on": ""}, "converted_on"),
        ({"category": "预备党员"}, "converted_on"),
        ({"mobile": "1380013800"}, "mobile"),
        ({"mobile": "0431-8888888"}, "mobile"),
        ({"mobile": "12800138000"}, "mobile"),
        ({"standing": "未知"}, "standing"),
        ({"standing": "去世"}, "standing"),
        ({"is_migrant": "是"}, "is_migrant"),
        ({"flow_to": "北京市朝阳区"}, "is_migrant"),
        ({"lost_on": "2026-01-01"}, "is_lost"),
        ({"address": "长" * 201}, "address"),
        ({"email": "罗敏"}, "email"),
        ({"landline": "0" * 31}, "landline"),
    ],
)
def test_one_thing_wrong_is_said_once_at_its_place(changed, field):
    found = problems(**changed)
    assert list(found) == [field]
    assert len(found[field]) == 1


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ethnicity": "汉"}, {"ethnicity": [NORMALISED]}),
        ({"education": "本科"}, {"education": [NORMALISED]}),
        ({"mobile": "+86 172 4403 3880"}, {"mobile": [NORMALISED]}),
        ({"name": "李•雷"}, {"name": [NORMALISED]}),
        ({"birth_date": "1988.12.7"}, {"birth_date": [HINT]}),
        ({"is_lost": "是"}, {"lost_on": [HINT]}),
    ],
)
def test_what_is_not_wrong_is_remarked(changed, expected):
    assert notes(**changed) == expected


def test_the_number_fills_gender_and_birth_date():
    found = check_answers(
        {"name": "罗敏", "id_number": SOUND["id_number"], "category": "full", "converted_on": TODAY}, on=TODAY
    ).values
    assert (found["gender"], found["birth_date"]) == (Gender.MALE, date(1988, 12, 6))


def test_another_birth_date_is_kept_as_that_of_the_archive():
    found = check_answers(SOUND | {"birth_date": "1988.12.7"}, on=TODAY).values
    assert (found["birth_date"], found["archive_birth_date"]) == (date(1988, 12, 6), date(1988, 12, 7))


def test_a_corrected_number_takes_the_birth_date_along_that_came_from_the_old_one():
    known = check_answers(SOUND, on=TODAY).values
    right = fictional_id_number(date(1988, 12, 16), 381)
    found = check_answers({"id_number": right, "birth_date": known["birth_date"]}, on=TODAY, known=known)
    assert found.values["birth_date"] == date(1988, 12, 16)
    assert "archive_birth_date" not in found.values


def test_a_residence_permit_is_accepted_and_changes_the_kind():
    body = "81000019900101001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    permit = body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    found = check_answers(SOUND | {"id_number": permit, "birth_date": ""}, on=TODAY)
    assert found.values["id_kind"] == IdKind.RESIDENCE_PERMIT
    assert [note.kind for note in found.notes["id_number"]] == [ACCEPTED]


def test_another_kind_of_document_has_no_check_digit():
    assert problems(id_number="e1234 5678", id_kind=IdKind.OTHER) == {}
    assert (
        check_answers(SOUND | {"id_number": "e1234 5678", "id_kind": "护照"}, on=TODAY).values["id_number"]
        == "E12345678"
    )


def test_fifteen_digits_are_completed_only_for_ledgers():
    old = SOUND["id_number"][:6] + SOUND["id_number"][8:17]
    assert list(problems(id_number=old)) == ["id_number"]
    found = check_answers(SOUND | {"id_number": old}, on=TODAY, legacy=True)
    assert found.values["id_number"] == SOUND["id_number"]
    assert found.notes["id_number"][0].kind == HINT


def test_eighteen_is_reached_on_the_birthday_and_for_the_leap_day_at_the_end_of_february():
    leap = fictional_id_number(date(2004, 2, 29), 1)
    found = {"id_number": leap, "gender": "", "birth_date": "", "joined_on": "2022-02-28", "converted_on": "2023-02-28"}
    assert problems(**found) == {}
    assert list(problems(**found | {"joined_on": "2022-02-27"})) == ["joined_on"]


def test_what_is_wrong_with_the_record_alone_is_not_said_again():
    known = {"name": "罗敏", "id_number": SOUND["id_number"], "category": "full", "converted_on": None}
    assert check_answers({"mobile": "17244033880"}, on=TODAY, known=known).problems == {}
    assert list(check_answers({"joined_on": "2020-01-01"}, on=TODAY, known=known).problems) == ["converted_on"]


def test_a_record_on_file_changes_its_standing_by_other_deeds():
    known = check_answers(SOUND, on=TODAY).values
    assert list(check_answers({"standing": "停止党籍"}, on=TODAY, known=known).problems) == ["standing"]
    assert check_answers({"standing": "正常"}, on=TODAY, known=known).problems == {}
    assert check_answers(SOUND | {"standing": "停止党籍"}, on=TODAY).values["standing"] == Standing.SUSPENDED


def test_a_word_that_is_nearly_right_comes_with_a_proposal():
    assert "维吾尔族" in check_item("ethnicity", "维吾族").problems[0]


def test_limits_are_those_of_the_columns():
    for name, limit in LIMITS.items():
        column = Member._meta.get_field(name)
        if column.max_length:
            assert column.max_length == limit
