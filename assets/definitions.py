"""Everything that Dagster loads.

Belongs here: gathering the definitions. Does not belong here: definitions.
"""

from __future__ import annotations

import dagster as dg

from assets.defs.alerts import webhook
from assets.defs.automation import govreports_main, marts_follow, nightly, raw_folder
from assets.defs.cleaned import cleaned_documents
from assets.defs.indicators import indicators
from assets.defs.marts import marts
from assets.defs.publish import published_warehouse
from assets.defs.raw import raw_documents
from assets.defs.resources import Project, Publisher
from assets.defs.sections import sections
from assets.defs.site import explorer
from assets.project import Folders


def definitions_for(folders: Folders) -> dg.Definitions:
    """The definitions of a project in some folders."""
    project = Project.of(folders)
    return dg.Definitions(
        assets=[raw_documents, cleaned_documents, sections, indicators, marts, published_warehouse, explorer],
        jobs=[govreports_main],
        sensors=[raw_folder, marts_follow, webhook],
        schedules=[nightly],
        resources={"project": project, "publisher": Publisher(project=project)},
        executor=dg.in_process_executor,
    )


defs = definitions_for(Folders.from_environment())
