import pytest
from django.utils import translation

from members import choices, dictionaries
from members.dictionaries import EDUCATION, ETHNICITY, POST, YES_NO, Dictionary, education_group

EVERY = [thing for thing in vars(dictionaries).values() if isinstance(thing, Dictionary)]


@pytest.mark.parametrize(
    ("dictionary", "text", "code", "normalised"),
    [
        (ETHNICITY, "汉族", "01", False),
        (ETHNICITY, "汉", "01", True),
        (ETHNICITY, " 僳僳族　", "20", True),
        (ETHNICITY, "达翰尔", "31", True),
        (ETHNICITY, "毛难", "36", True),
        (ETHNICITY, "05", "05", True),
        (EDUCATION, "硕士研究生毕业", "14", False),
        (EDUCATION, "大学本科毕业", "21", False),
        (EDUCATION, "本科", "21", True),
        (EDUCATION, "大学", "21", True),
        (EDUCATION, "大学本科", "21", True),
        (EDUCATION, "大专", "31", True),
        (EDUCATION, "中专", "41", True),
        (EDUCATION, "研究生", "10", True),
        (POST, "企业专业技术人员", "022", False),
        (POST, "工勤技能人员(农民工)", "0253", True),
        (dictionaries.GENDER, "男", choices.Gender.MALE, False),
        (dictionaries.CATEGORY, "中共预备党员", choices.Category.PROBATIONARY, True),
        (dictionaries.STANDING, "停止党籍", choices.Standing.SUSPENDED, False),
        (YES_NO, "是", "yes", False),
        (YES_NO, "无", "no", True),
    ],
)
def test_words_of_ledgers_find_their_code(dictionary, text, code, normalised):
    match = dictionary.lookup(text)
    assert (match.code, match.normalised) == (code, normalised)


@pytest.mark.parametrize(
    ("dictionary", "text"),
    [(ETHNICITY, "火星族"), (EDUCATION, "神童"), (dictionaries.CATEGORY, "党员"), (dictionaries.STANDING, "未知")]
    + [(dictionary, "") for dictionary in EVERY],
)
def test_words_of_no_table_find_nothing(dictionary, text):
    assert dictionary.lookup(text) is None


def test_a_near_word_is_proposed():
    assert ETHNICITY.closest("维吾族")[0] == "维吾尔族"
    assert "大学本科毕业" in EDUCATION.closest("大学本科生毕业")


@pytest.mark.parametrize("dictionary", EVERY, ids=lambda dictionary: dictionary.name)
def test_every_label_and_word_leads_to_an_entry_of_its_table(dictionary):
    assert len(set(dictionary.labels.values())) == len(dictionary.labels)
    for code, label in dictionary.labels.items():
        assert dictionary.lookup(label).code == code
    assert set(dictionary.words.values()) <= set(dictionary.labels)
    assert not set(dictionary.words) & set(dictionary.labels.values())


@pytest.mark.parametrize(
    ("dictionary", "enumeration"),
    [
        (dictionaries.GENDER, choices.Gender),
        (dictionaries.CATEGORY, choices.Category),
        (dictionaries.STANDING, choices.Standing),
        (dictionaries.ID_KIND, choices.IdKind),
    ],
)
def test_tables_say_the_same_as_the_choices_of_the_models(dictionary, enumeration):
    with translation.override(None):
        assert dictionary.labels == {value: str(label) for value, label in enumeration.choices}


def test_there_are_fifty_six_peoples():
    assert sum(label.endswith("族") for label in ETHNICITY.labels.values()) == 56


@pytest.mark.parametrize(
    ("code", "group"),
    [("11", "1"), ("21", "2"), ("33", "3"), ("41", "4"), ("44", "5"), ("61", "5"), ("71", "6"), ("90", "6"), ("", "")],
)
def test_education_falls_into_the_groups_of_the_statistics(code, group):
    assert education_group(code) == group
