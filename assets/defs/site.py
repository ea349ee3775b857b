"""The explorer as an asset.

Belongs here: building it once the file is published, and telling Dagster of it. Does not belong here: its pages (see
`govreports.site`).
"""

import dagster as dg

from assets.defs.checks import PUBLISHED
from assets.defs.resources import Publisher
from assets.defs.stage import ASSET_OF, OWNERS
from assets.progress import listener
from govreports.site.build import FOLDER, build_site
from govreports.site.report import LakeLibrary
from govreports.store.stores import StoreError
from govreports.versions import code_version
from govreports.warehouse.connection import WarehouseError


@dg.asset(
    name="explorer",
    deps=[PUBLISHED, ASSET_OF["cleaned"]],
    group_name="site",
    kinds={"html", "javascript"},
    owners=OWNERS,
    description=(
        "warehouse/site: a static site that compares regions and leads from every number to its sentence; values come from the "
        "published file, texts from the cleaned documents. Opens from the disk, or with `govreports site --serve`. "
        "静态浏览站点:比较各地区,并从每个数字回到原句。"
    ),
    code_version=code_version("site"),
    automation_condition=dg.AutomationCondition.any_deps_match(dg.AutomationCondition.will_be_requested()).with_label(
        "the file is published anew"
    ),
)
def explorer(context: dg.AssetExecutionContext, publisher: Publisher) -> dg.MaterializeResult:
    """Write the pieces of the site that changed."""
    folders = publisher.project.folders
    listener().step("site")
    try:
        report = build_site(folders.published, LakeLibrary(folders.lake), folders.warehouse / FOLDER)
    except (WarehouseError, StoreError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(report.path / "index.html")),
            "pieces": report.pieces,
            "stale": report.stale,
            "written": report.written,
            "removed": report.removed,
            "waiting": report.waiting,
            "seconds": round(report.seconds, 3),
        }
    )
