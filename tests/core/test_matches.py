"""What of a name is marked, and which of its readings is said beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matches import match


def marked(name, query):
    return "".join(f"[{piece}]" if meant else piece for piece, meant in match(name, query).pieces)


@pytest.mark.parametrize(
    ("name", "query", "shown", "reading"),
    [
        ("张建国", "zjg", "[张建国]", "Zhāng Jiànguó"),
        ("张建国", "zhangj", "[张建]国", "Zhāng Jiànguó"),
        ("张建国", "zhang jian", "[张建]国", "Zhāng Jiànguó"),
        ("张建国", "建国", "张[建国]", ""),
        ("张建国", "张jg", "[张建国]", "Zhāng Jiànguó"),
        ("曾国藩", "zeng", "[曾]国藩", "Zēng Guófān"),
        ("曾国藩", "cgf", "[曾国藩]", "Céng Guófān"),
        ("尉迟敬德", "ycjd", "[尉迟敬德]", "Yùchí Jìngdé"),
        ("万俟卨", "moqi", "[万俟]卨", "Mòqí Xiè"),
        ("吕布", "lvbu", "[吕布]", "Lǚ Bù"),
        ("吕布", "lubu", "[吕布]", "Lǚ Bù"),
        ("王西安", "xian", "王[西安]", "Wáng Xī'ān"),
        ("阿卜杜拉·买买提", "maimai", "阿卜杜拉·[买买]提", "Ābǔdùlā Mǎimǎití"),
        ("阿卜杜拉·买买提", "卜杜拉买", "阿[卜杜拉]·[买]买提", ""),
        ("Alice Wang", "WANG", "Alice [Wang]", ""),
        ("云杉科技有限公司第一党支部", "keji", "云杉[科技]有限公司第一党支部", ""),
        ("云杉科技党支部", "云杉 dzb", "[云杉]科技[党支部]", ""),
        ("王涛", "zjg", "王涛", ""),
        ("王涛", "wt 国", "王涛", ""),
    ],
)
def test_what_was_meant_is_marked(name, query, shown, reading):
    assert marked(name, query) == shown
    assert match(name, query).reading == reading


def test_what_names_no_person_has_its_usual_reading_alone():
    assert match("任务与下载", "lin").found
    assert not match("任务与下载", "lin", person=False).found
    assert match("任务与下载", "rw", person=False).reading == ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_name_stays_the_same_in_pieces(name, query):
    assert "".join(piece for piece, _meant in match(name, query).pieces) == name
