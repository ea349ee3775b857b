"""Values of tables, from the file to the observation: invented plans and communiqués."""

from __future__ import annotations

from typing import Any

import pytest

from govreports.intake.source import SourceFile
from govreports.pipeline import read_report

WORDS = "坚持稳中求进工作总基调，完整准确全面贯彻新发展理念，项目如期建成，资金及时到位，管理更加精细，服务更加便捷。"
HEADER = ("序号", "指标", "2020年", "2025年", "年均增长/[累计]", "属性")
ROWS = (
    ("1", "地区生产总值（亿元）", "498", "800", "8.5%左右", "预期性"),
    ("2", "一般公共预算收入（亿元）", "35.6", "48", "6%左右", "预期性"),
    ("3", "城镇登记失业率（%）", "2.8", "≤4", "—", "预期性"),
    ("4", "常住人口城镇化率（%）", "48.2", "≥55", "[6.8]", "预期性"),
    ("5", "城镇新增就业（万人）", "[4.2]", "[5]", "—", "预期性"),
    ("6", "森林覆盖率（%）", "18.6", "≥19", "—", "约束性"),
)
PRINTED = {
    "bars": "\n".join("|".join(row) for row in (HEADER, *ROWS)),
    "tabs": "\n".join("\t".join(row) for row in (HEADER, *ROWS)),
    "cells": "\n".join("\n".join(row) for row in (HEADER, *ROWS)),
    "one line": " ".join(" ".join(row) for row in (HEADER, *ROWS)),
}

Reading = tuple[Any, ...]


def readings(text: str) -> set[Reading]:
    report = read_report(SourceFile("x.txt", text.encode()))
    assert not report.reason_code, report.reason
    return {
        (o["indicator_id"], o["measure"], o["value"], o["unit"], o["bound"], o["status"], o["time_period"])
        for o in report.observations
    }


@pytest.mark.parametrize("way", sorted(PRINTED))
def test_the_table_of_a_plan(way: str) -> None:
    plan = f"""庐江县国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要

第一章 发展基础
第一节 发展成就
“十三五”时期，{WORDS}
第二章 总体要求
第一节 指导思想
{WORDS}
第二节 主要目标
到2025年，{WORDS}
专栏1 “十四五”时期经济社会发展主要指标
{PRINTED[way]}
第三章 构建现代产业体系
第一节 壮大支柱产业
{WORDS * 3}
第四章 强化规划实施保障
第一节 加强组织领导
{WORDS}
"""
    assert readings(plan) == {
        ("gdp", "level", 498.0, "亿元", "point", "actual", "2020"),
        ("gdp", "level", 800.0, "亿元", "point", "target", "2025"),
        ("gdp", "growth_avg_annual", 8.5, "%", "approx", "target", "2021/2025"),
        ("budget_revenue", "level", 35.6, "亿元", "point", "actual", "2020"),
        ("budget_revenue", "level", 48.0, "亿元", "point", "target", "2025"),
        ("budget_revenue", "growth_avg_annual", 6.0, "%", "approx", "target", "2021/2025"),
        ("unemployment_rate", "level", 2.8, "%", "point", "actual", "2020"),
        ("unemployment_rate", "level", 4.0, "%", "at_most", "target", "2025"),
        ("urbanization_rate", "level", 48.2, "%", "point", "actual", "2020"),
        ("urbanization_rate", "level", 55.0, "%", "at_least", "target", "2025"),
        ("new_jobs", "level", 4.2, "万人", "point", "actual", "2016/2020"),
        ("new_jobs", "level", 5.0, "万人", "point", "target", "2021/2025"),
        ("forest_coverage", "level", 18.6, "%", "point", "actual", "2020"),
        ("forest_coverage", "level", 19.0, "%", "at_least", "target", "2025"),
    }


@pytest.mark.parametrize("joint", ["|", "\n"])
def test_the_table_of_a_communique(joint: str) -> None:
    rows = (("指标", "绝对数", "比上年增长（%）"), ("地区生产总值", "295.4", "7.7"), ("固定资产投资", "160.9", "-0.2"))
    table = "\n".join(joint.join(row) for row in rows)
    communique = f"""庐江县2022年国民经济和社会发展统计公报
庐江县统计局
2023年4月12日
一、综合
全年全县经济运行总体平稳，城乡面貌持续改善，居民收入稳步增加，各项社会事业全面进步，群众生活水平继续提高。{WORDS}
2022年主要经济指标
单位：亿元
{table}
二、农业
全年全县农业生产形势稳定，粮食再获丰收，特色产业持续壮大，农村面貌焕然一新，农民收入稳步增加。{WORDS}
三、工业和建筑业
全年全县工业生产运行平稳，重点行业支撑有力，建筑业保持稳定，企业效益持续改善。{WORDS}
"""
    assert readings(communique) == {
        ("gdp", "level", 295.4, "亿元", "point", "actual", "2022"),
        ("gdp", "growth_yoy", 7.7, "%", "point", "actual", "2022"),
        ("fixed_investment", "level", 160.9, "亿元", "point", "actual", "2022"),
        ("fixed_investment", "growth_yoy", -0.2, "%", "point", "actual", "2022"),
    }
