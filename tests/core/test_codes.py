import pytest

from core.codes import ALPHABET, fresh_codes, random_code, read_code, serial_code


def test_serial_codes_have_at_least_four_digits():
    assert [serial_code("ZB", number) for number in (7, 231, 12345)] == ["ZB-0007", "ZB-0231", "ZB-12345"]


def test_random_codes_avoid_letters_that_look_alike():
    assert not set("01OILUV") & set(ALPHABET)
    assert {read_code(code) == code for code in (random_code("DY") for _ in range(200))} == {True}


@pytest.mark.parametrize(
    ("typed", "code"),
    [("zb0231", "ZB-0231"), (" ZB-0231 ", "ZB-0231"), ("dy 7k3m9q", "DY-7K3M9Q"), ("QY-12345", "QY-12345")]
    + [(text, None) for text in ("", "zb231", "DY-7K3M9O", "0231", "ZB-0231-1", "张伟")],
)
def test_codes_are_read_as_people_type_them(typed, code):
    assert read_code(typed) == code


def test_fresh_codes_pass_over_those_in_use(db, django_user_model, monkeypatch):
    taken = random_code("DY")
    django_user_model.objects.create(code=taken, name="李雷")
    drawn = iter([taken, "DY-222222", "DY-222222", "DY-333333"])
    monkeypatch.setattr("core.codes.random_code", lambda prefix: next(drawn))
    assert sorted(fresh_codes(django_user_model.objects.all(), "DY", 2)) == ["DY-222222", "DY-333333"]
