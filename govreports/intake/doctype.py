"""Which kind of document a text is.

Belongs here: telling work reports, plans, communiqués and other official reports apart. Does not belong here: whether a text is
a report at all, and how much of it there is (`govreports.intake.completeness`).
"""

import re

from govreports.intake.header import Page

WORK_REPORT, PLAN, COMMUNIQUE, OTHER = "work_report", "five_year_plan", "statistical_communique", "other"

_PLAN_TITLE = re.compile(
    r"(?:五年规划|五年计划|五年规划和.{0,14}目标|规划|远景目标|计划)(?:纲要|刚要)|十[一二三四五六]五.?(?:时期)?(?:总体)?规划$"
)
_ABOUT_PLAN = re.compile(r"(?:报告|说明|解读|建议|通知|意见|工作报告)(?:[(（].{0,12}[)）])?$")
_COMMUNIQUE = re.compile(r"统计公报")
_COMMUNIQUE_START = re.compile(
    r"^[\s\S]{0,300}?(?:[一1][、.]\s*综\s*合\s*\n?\s*)(?:[^。\n]{0,40})(?:初步核算|据?初步统计)|统计局[\s\S]{0,80}?[一1]、\s*综\s*合"
)
_WORK_REPORT = re.compile(r"(?:政府|管委会|管理委员会|行署|行政公署)?工作报告")
_OTHER_TITLE = re.compile(
    r"法治政府|依法行政|预算执行|预算.{0,4}草案|决算|计划执行情况|计划.{0,4}草案|信息公开.{0,8}(?:年度报告|工作报告|年报)|人大常委会.{0,4}工作报告|"
    r"(?:人民)?(?:检察院|法院)工作报告|政协.{0,12}工作报告|审计.{0,10}报告|述职|述法|情况的?报告|专项(?:工作)?报告|数据.{0,6}(?:核实|修订)|实施方案|工作要点|工作总结|条例|办法$|通知$"
)
_OTHER_START = re.compile(
    r"(?:现将|下面将?)[^。\n]{0,60}(?:情况)?(?:有关情况)?(?:报告|汇报|公布|公告)如下|与初步核算|提请(?:大会|本次会议)[^。]{0,10}审[议查]"
)
_SPECIAL = re.compile(r"法治政府|预算执行|国民经济和社会发展计划执行|政府信息公开|审计工作")
_GOVERNMENT_SPEAKS = re.compile(r"代表[^。，,]{0,20}(?:政府|管委会|管理委员会|行署|筹备组)")


def find_type(page: Page, title: str | None, file_name: str = "") -> str:
    """The document's kind: one of the codes of the list doc_type. What a text of its own says goes before the file's name."""
    names = [name.replace(" ", "") for name in (title, *page.block[:4]) if name]
    opening = page.body[:400]
    if page.opened and _GOVERNMENT_SPEAKS.search(opening) and not any(_OTHER_TITLE.search(name) for name in names):
        return WORK_REPORT
    for name in [*names, *([] if names else [file_name])]:
        kind = _kind_of_name(name)
        if kind:
            return kind
    if _COMMUNIQUE_START.search("\n".join([*page.head[-4:], page.body[:400]])):
        return COMMUNIQUE
    if not page.opened and (_OTHER_START.search("\n".join([*page.head[-2:], opening])) or speaks_of_one_matter(page)):
        return OTHER
    if names and (kind := _kind_of_name(file_name)) in (PLAN, COMMUNIQUE):
        return kind
    return WORK_REPORT


def _kind_of_name(name: str) -> str | None:
    if _COMMUNIQUE.search(name) or name.endswith("公报"):
        return COMMUNIQUE
    if _OTHER_TITLE.search(name):
        return OTHER
    if _PLAN_TITLE.search(name) and not _ABOUT_PLAN.search(name):
        return PLAN
    return WORK_REPORT if _WORK_REPORT.search(name) else None


def speaks_of_one_matter(page: Page) -> bool:
    """Whether a text without title and speaker is about one special matter all along, as a report on rule by law is."""
    return not page.opened and len(_SPECIAL.findall(page.body[:20_000])) >= 5
