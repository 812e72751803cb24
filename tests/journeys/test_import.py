"""The import wizard in a browser: faults put right where they stand, files dropped and pasted, and no script at all."""

import base64
import re

import pytest
from playwright.sync_api import expect

from members.models import Member
from tests.ledgers.conftest import roster, somebody

FAULTS = {
    "贺明川 公民身份证号": ({"公民身份证号": "9.99999E+17"}, somebody(901)["公民身份证号"]),
    "宋敏行 出生日期": ({"出生日期": "1991-02-30"}, "1991-03-04"),
    "段知遥 手机号": ({"手机号": "1395560124"}, "13955601245"),
    "季晓岚 人员类别": ({"人员类别": "积极份子"}, "正式党员"),
    "罗亦安 民族": ({"民族": "火星族"}, "汉族"),
}
MOST_INTERACTIONS = 25
PATIENCE_MS = 60_000
DROP = """([zone, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))], name));
    const made = zone
        ? new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})
        : new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.querySelector("[data-dropzone]").dispatchEvent(made);
}"""


def two_hundred():
    wrong = [somebody(900 - n, 姓名=label.split()[0], **cells) for n, (label, (cells, _)) in enumerate(FAULTS.items())]
    return roster(*wrong, *(somebody(n) for n in range(1, 196)))


def payload(file):
    return {"name": file.name, "mimeType": "application/octet-stream", "buffer": file.data}


@pytest.fixture
def _patient(page):
    page.set_default_timeout(PATIENCE_MS)


def test_a_secretary_imports_two_hundred_rows_and_puts_five_faults_right_in_their_cells(
    page, address, party, worker, sign_in, _patient
):
    sign_in("secretary", then="/imports/new/")
    interactions = 0

    page.get_by_label("台账文件").set_input_files(payload(two_hundred()))
    page.get_by_role("button", name="上传并核对").click()
    interactions += 2
    expect(page.locator("#tally")).to_contain_text(re.compile(r"200\s*全部\s*5\s*需修改"), timeout=PATIENCE_MS)

    for left, (label, (_wrong, right)) in zip(reversed(range(5)), FAULTS.items(), strict=True):
        box = page.get_by_label(label, exact=True)
        box.fill(right)
        box.press("Tab")
        interactions += 2
        expect(page.locator("#tally a:nth-child(2)")).to_contain_text(str(left), timeout=PATIENCE_MS)

    page.get_by_role("button", name="试运行 200 行").click()
    expect(page.get_by_text("没有写入任何内容")).to_be_visible(timeout=PATIENCE_MS)
    assert Member.objects.filter(name="林晓").count() == 0
    page.get_by_role("button", name="导入 200 行").click()
    interactions += 2
    expect(page.get_by_role("heading", level=1)).to_have_text("已导入", timeout=PATIENCE_MS)

    assert interactions <= MOST_INTERACTIONS
    assert Member.objects.count() == 200 + len(party.members)


def test_files_are_dropped_on_the_box_and_pasted_on_the_page(page, address, party, sign_in):
    sign_in("secretary", then="/imports/new/")
    text = base64.b64encode(roster(somebody(1)).data).decode()
    page.evaluate(DROP, [True, "拖来的.xlsx", text])
    page.evaluate(DROP, [False, "贴来的.xlsx", text])
    expect(page.locator("[data-chosen] li")).to_have_text(["拖来的.xlsx", "贴来的.xlsx"])
    page.evaluate(DROP, [True, "拖来的.xlsx", text])
    expect(page.locator("[data-chosen] li")).to_have_text(["贴来的.xlsx", "拖来的.xlsx"])

    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("alert")).to_contain_text("合成一个")


def test_the_whole_wizard_works_without_a_script(browser, browser_context_args, address, party, worker):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/login/?next=/imports/new/")
    page.get_by_label("用户名").fill("secretary")
    page.get_by_label("密码", exact=True).fill("password")
    page.get_by_role("button", name="登录").click()

    page.get_by_label("台账文件").set_input_files(
        payload(roster(somebody(1), somebody(2, 姓名="罗亦安", 民族="火星族")))
    )
    page.get_by_role("button", name="上传并核对").click()
    box = page.get_by_label("罗亦安 民族", exact=True)
    box.fill("满族")
    box.press("Enter")
    page.get_by_role("button", name="试运行 2 行").click()
    page.get_by_role("button", name="导入 2 行").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已导入", timeout=PATIENCE_MS)
    assert Member.objects.get(name="罗亦安").ethnicity == "11"
    context.close()
