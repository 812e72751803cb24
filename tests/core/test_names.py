import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.names import check_name, name_filter, normalise_name, readings, whole_name_filter

# What a colleague who knows the person would type. Ten names are read otherwise than their characters elsewhere.
TYPED = {
    "单田芳": "shantianfang shantf stf 田芳",
    "曾国藩": "zeng zengguofan zgf cengguofan",
    "解缙": "xiejin xj jiejin",
    "仇宇思": "qiuyusi qys 宇思",
    "覃梓静": "qinzijing qzj tanzijing tzj",
    "尉迟敬德": "yuchi yuchijd ycjd 尉迟",
    "万俟卨": "moqi moqixie mq",
    "缪昌期": "miaochangqi mcq",
    "朴恩惠": "piaoenhui peh pu",
    "长孙无忌": "zhangsun zswj",
    "阿卜杜拉·买买提": "abudula abdlmmt maimaiti 阿卜杜拉 买买提 阿卜杜拉·买买提 阿卜杜拉买买提",
    "张建国": "zjg zhangj zhangjg zhangjianguo ZJG 张建国 建国 国 张jg jianguo",
    "吕布": "lvbu lubu lyubu lübu lb",
    "乐毅": "yueyi leyi",
    "区志强": "ouzhiqiang ozq",
    "查良镛": "zhaly zly zhaliangyong",
    "华罗庚": "hualuogeng hlg",
    "任长霞": "renchangxia rcx",
    "重行": "chongxing chonghang",
    "李·雷": "lilei ll 李雷",
    "𠮷野": "野 𠮷",
}
ALSO = [
    "王伟",
    "李娜",
    "张敏",
    "刘洋",
    "陈静",
    "杨帆",
    "赵磊",
    "黄丽",
    "周杰",
    "吴桐",
    "徐阳",
    "孙悦",
    "胡军",
    "朱琳",
    "高飞",
    "林峰",
    "何洁",
    "郭涛",
    "马超",
    "罗敏",
    "梁栋",
    "宋佳",
    "郑爽",
    "谢娜",
    "韩雪",
    "唐嫣",
    "冯建东",
    "于涵",
    "董卿",
]


@pytest.fixture
def crowd(people):
    for name in [*TYPED, *ALSO]:
        read = readings(name)
        people.objects.create(name=name, name_pinyin=read.pinyin, name_search=read.search)
    return people


def test_everybody_of_fifty_is_found_by_what_is_typed(crowd):
    assert crowd.objects.count() == 50
    for name, queries in TYPED.items():
        for query in queries.split():
            found = set(crowd.objects.filter(name_filter(query)).values_list("name", flat=True))
            assert name in found, (name, query)
    for name in ALSO:
        read = readings(name)
        for query in (name, name[1:], read.initials, read.pinyin, read.pinyin.replace(" ", "")):
            assert crowd.objects.filter(name_filter(query), name=name).exists(), (name, query)


def test_nobody_else_is_found(crowd):
    def found(query):
        return set(crowd.objects.filter(name_filter(query)).values_list("name", flat=True))

    assert found("建国") == {"张建国"}
    assert found("zjg") == {"张建国"}
    assert found("国") == {"张建国", "曾国藩"}
    assert found("zhangjiangu") == {"张建国"}
    assert found("zhangjianguox") == set()
    assert found("？！") == set()


@pytest.mark.parametrize("query", ["张建国", "zjg", "zhang jianguo", "ZHANGJIANGUO"])
def test_a_whole_name_is_told_from_part_of_one(crowd, query):
    for name in ("张建国庆", "李张建国"):
        read = readings(name)
        crowd.objects.create(name=name, name_pinyin=read.pinyin, name_search=read.search)
    assert set(crowd.objects.filter(whole_name_filter(query)).values_list("name", flat=True)) == {"张建国"}
    assert set(crowd.objects.filter(name_filter(query)).values_list("name", flat=True)) >= {"张建国", "李张建国"}


@pytest.mark.parametrize("query", ["cgf", "zgf", "曾国藩", "zengguofan"])
def test_a_whole_name_is_known_in_every_reading(crowd, query):
    assert crowd.objects.filter(whole_name_filter(query), name="曾国藩").exists()


@pytest.mark.parametrize("query", ["", "？", "=", "=张建国x", "建国"])
def test_no_whole_name_is_found_by_less(crowd, query):
    assert not crowd.objects.filter(whole_name_filter(query)).exists()


def test_nothing_typed_finds_everybody(crowd):
    assert crowd.objects.filter(name_filter("　")).count() == 50


def test_the_filter_reaches_through_relations():
    assert "member__name_search__contains" in str(name_filter("zjg", prefix="member__"))


@pytest.mark.parametrize(
    "query",
    [
        "观澜",
        "松果观澜",
        "信息技术",
        "guanlan",
        "songguoguanlan",
        "sggl",
        "第1支部",
        "1支部",
        "songguoguanlanxinxijishu",
    ],
)
def test_an_organisation_is_found_from_any_of_its_words(people, query):
    name = "中共示例市松果观澜信息技术有限公司第1支部委员会"
    read = readings(name)
    people.objects.create(name=name, name_pinyin=read.pinyin, name_search=read.search)
    assert people.objects.filter(name_filter(query)).exists()
    assert not people.objects.filter(name_filter(query + "云")).exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("张建国", "zhang jian guo"),
        ("单田芳", "shan tian fang"),
        ("尉迟敬德", "yu chi jing de"),
        ("曾国藩", "zeng guo fan"),
        ("覃梓静", "qin zi jing"),
        ("仇宇思", "qiu yu si"),
        ("解缙", "xie jin"),
        ("区志强", "ou zhi qiang"),
        ("翟天临", "zhai tian lin"),
        ("乐正子", "yue zheng zi"),
        ("华罗庚", "hua luo geng"),
        ("Alice Wang", "alice wang"),
        ("阿卜杜拉·买买提", "a bu du la mai mai ti"),
        ("58同城", "58 tong cheng"),
        ("", ""),
    ],
)
def test_surnames_are_read_as_surnames(name, said):
    assert readings(name).pinyin == said


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("李•雷", "李·雷"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 ・ 买买提", "阿卜杜拉·买买提"),
        ("　张　伟 ", "张伟"),
        ("John  Smith", "John Smith"),
        ("A.B.", "A.B."),
        ("张\u200b伟", "张伟"),
        ("㐂", "㐂"),
        ("﨑", "﨑"),
    ],
)
def test_names_get_one_spelling(written, name):
    assert normalise_name(written) == name


@given(st.text(max_size=80))
def test_a_name_in_its_spelling_stays_as_it_is(text):
    once = normalise_name(text)
    assert normalise_name(once) == once


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_asked_for(text):
    read = readings(text)
    assert len(read.pinyin) <= 400
    assert all(len(term) <= 400 for term in read.search)
    name_filter(text)


def test_checking_a_name_says_what_is_wrong_and_how_to_mend_it():
    with pytest.raises(Refusal, match="姓名最多 50 个字，现在是 5000 个字"):
        check_name("长" * 5000)
    with pytest.raises(Refusal, match="请填写姓名"):
        check_name(" \u3000")
    assert check_name("李•雷") == ("李·雷", True, [])
    assert check_name("李雷") == ("李雷", False, [])
    assert "自造" in check_name("李\ue5e5").warnings[0]


def test_a_name_that_was_misread_is_refused():
    with pytest.raises(Refusal) as caught:
        check_name("张\ufffd")
    assert "没有读出来" in caught.value.message
