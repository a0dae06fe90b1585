"""Addresses of every declared object; included at the root, after all fixed addresses."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from rapport.records.surfaces.board import views as board
from rapport.records.surfaces.export import views as exporting
from rapport.records.surfaces.importing import report
from rapport.records.surfaces.importing import views as importing
from rapport.records.surfaces.jobs import views as jobs
from rapport.records.surfaces.listing import views as listing
from rapport.records.surfaces.listing.bulk import bulk
from rapport.records.surfaces.routing import ObjectConverter
from rapport.records.surfaces.search import views as search

register_converter(ObjectConverter, "object")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.records.surfaces.api.urls")),
    path("search/", search.search, name="search"),
    path("palette/", search.palette, name="palette"),
    path("jobs/", jobs.show_jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.show_job, name="job"),
    path("jobs/<uuid:job_id>/retry/", jobs.retry_job, name="job_retry"),
    path("import/", importing.imports, name="imports"),
    path("import/run/<uuid:run_id>/", importing.show_run, name="import_run"),
    path("import/run/<uuid:run_id>/choose/", importing.choose, name="import_choose"),
    path("import/run/<uuid:run_id>/problems/", report.problems_file, name="import_problems"),
    path("import/run/<uuid:run_id>/review/", report.review, name="import_review"),
    path("import/run/<uuid:run_id>/review/<int:problem_id>/", report.decide, name="import_decide"),
    path("import/<object:declaration>/", importing.upload, name="import_upload"),
    path("<object:declaration>/", listing.show_list, name="list"),
    path("<object:declaration>/filter/", listing.filter_form, name="filter"),
    path("<object:declaration>/columns/", listing.choose_columns, name="columns"),
    path("<object:declaration>/bulk/", bulk, name="bulk"),
    path("<object:declaration>/export/", exporting.export_list, name="export"),
    path("<object:declaration>/export/<uuid:job_id>/", exporting.show_ready, name="export_ready"),
    path("<object:declaration>/export/<uuid:job_id>/file/", exporting.download, name="export_file"),
    path("<object:declaration>/board/", board.show_board, name="board"),
    path("<object:declaration>/board/move/", board.move_card, name="board_move"),
]
