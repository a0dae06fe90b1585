"""Addresses of every declared object; included at the root, after all fixed addresses."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from rapport.records.surfaces.agents import door
from rapport.records.surfaces.agents import pages as agents
from rapport.records.surfaces.board import views as board
from rapport.records.surfaces.board.moving import move_card
from rapport.records.surfaces.building import views as building
from rapport.records.surfaces.calendar import moving
from rapport.records.surfaces.calendar import views as calendar
from rapport.records.surfaces.cells import views as cells
from rapport.records.surfaces.chart import views as chart
from rapport.records.surfaces.duplicates import merging, similar
from rapport.records.surfaces.duplicates import views as duplicates
from rapport.records.surfaces.explaining import views as explaining
from rapport.records.surfaces.export import everything_views as everything
from rapport.records.surfaces.export import fetching
from rapport.records.surfaces.export import views as exporting
from rapport.records.surfaces.fixing import views as fixing
from rapport.records.surfaces.form import asked
from rapport.records.surfaces.form import views as form
from rapport.records.surfaces.history import forgetting, reads
from rapport.records.surfaces.history import views as history
from rapport.records.surfaces.importing import latest, mending, report, sets
from rapport.records.surfaces.importing import views as importing
from rapport.records.surfaces.jobs import views as jobs
from rapport.records.surfaces.listing import forms as listing_forms
from rapport.records.surfaces.listing import saving
from rapport.records.surfaces.listing import views as listing
from rapport.records.surfaces.listing.bulk import bulk
from rapport.records.surfaces.listing.paste import paste
from rapport.records.surfaces.live import views as live
from rapport.records.surfaces.lookup import views as lookup
from rapport.records.surfaces.page import acting
from rapport.records.surfaces.page import views as page
from rapport.records.surfaces.quick import views as quick
from rapport.records.surfaces.routing import ObjectConverter
from rapport.records.surfaces.schedule import views as schedule
from rapport.records.surfaces.search import views as search
from rapport.records.surfaces.sharing import views as sharing
from rapport.records.surfaces.trash import views as trash
from rapport.records.surfaces.undo import views as undo
from rapport.records.surfaces.why import views as why

register_converter(ObjectConverter, "object")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.records.surfaces.api.urls")),
    path("mcp", door.answer_agent, name="mcp"),
    path("mcp/", door.answer_agent, name="mcp-slash"),
    path("plans/", agents.show_plans, name="plans"),
    path("plans/<uuid:plan_id>/", agents.show_plan, name="plan"),
    path("plans/<uuid:plan_id>/decide/", agents.decide_plan, name="plan_decide"),
    path("", include("rapport.records.surfaces.timeline.urls")),
    path("live/", live.follow, name="live"),
    path("search/", search.search, name="search"),
    path("palette/", search.palette, name="palette"),
    path("jobs/", jobs.show_jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.show_job, name="job"),
    path("jobs/<uuid:job_id>/retry/", jobs.retry_job, name="job_retry"),
    path("export/", everything.choose, name="export_all"),
    path("export/<uuid:job_id>/", everything.show_ready, name="export_all_ready"),
    path("export/<uuid:job_id>/file/", everything.download, name="export_all_file"),
    path("export/<uuid:job_id>/file/<str:stamp>/", fetching.serve_export, name="export_signed"),
    path("import/", latest.imports, name="imports"),
    path("import/files/", sets.upload_files, name="import_files"),
    path("import/set/<uuid:set_id>/", sets.show_set, name="import_set"),
    path("import/set/<uuid:set_id>/choose/", sets.choose_set, name="import_set_choose"),
    path("import/run/<uuid:run_id>/", importing.show_run, name="import_run"),
    path("import/run/<uuid:run_id>/choose/", importing.choose, name="import_choose"),
    path("import/run/<uuid:run_id>/problems/", mending.problems_file, name="import_problems"),
    path(
        "import/run/<uuid:run_id>/problems/<str:stamp>/",
        mending.serve_problems,
        name="import_signed",
    ),
    path("import/run/<uuid:run_id>/review/", report.review, name="import_review"),
    path("import/run/<uuid:run_id>/review/<int:problem_id>/", report.decide, name="import_decide"),
    path("import/<object:declaration>/", importing.upload, name="import_upload"),
    path("lookup/<slug:name>/", lookup.lookup, name="lookup"),
    path("lookup/<slug:name>/make/", lookup.make, name="lookup_make"),
    path("history/", history.history, name="history"),
    path("history/reads/", reads.show_reads, name="reads"),
    path("history/<uuid:change_set_id>/", history.change_set, name="change_set"),
    path("undo/<uuid:change_set_id>/", undo.undo_change, name="undo"),
    path("undo/<uuid:change_set_id>/preview/", undo.preview_change, name="undo_preview"),
    path("trash/", trash.trash_of_all, name="trash_of_all"),
    path("shared/", sharing.show_shared, name="shared"),
    path("<object:declaration>/", listing.show_list, name="list"),
    path("<object:declaration>/filter/", listing_forms.filter_form, name="filter"),
    path("<object:declaration>/conditions/", building.build, name="conditions"),
    path("<object:declaration>/conditions/count/", building.count, name="conditions_count"),
    path("<object:declaration>/columns/", listing_forms.choose_columns, name="columns"),
    path("<object:declaration>/arrange/", listing_forms.arrange, name="arrange"),
    path("<object:declaration>/views/new/", saving.create_view, name="view_new"),
    path("<object:declaration>/views/<uuid:view_id>/", saving.edit_view, name="view_edit"),
    path("<object:declaration>/views/<uuid:view_id>/save/", saving.save_view, name="view_save"),
    path(
        "<object:declaration>/views/<uuid:view_id>/choose/", saving.choose_view, name="view_choose"
    ),
    path(
        "<object:declaration>/views/<uuid:view_id>/delete/", saving.delete_view, name="view_delete"
    ),
    path("<object:declaration>/bulk/", bulk, name="bulk"),
    path("<object:declaration>/paste/", paste, name="paste"),
    path("<object:declaration>/export/", exporting.export_list, name="export"),
    path("<object:declaration>/export/<uuid:job_id>/", exporting.show_ready, name="export_ready"),
    path("<object:declaration>/export/<uuid:job_id>/file/", exporting.download, name="export_file"),
    path("<object:declaration>/board/", board.show_board, name="board"),
    path("<object:declaration>/calendar/", calendar.show_calendar, name="calendar"),
    path("<object:declaration>/calendar/move/", moving.move, name="calendar_move"),
    path("<object:declaration>/chart/", chart.show_chart, name="chart"),
    path("<object:declaration>/timeline/", schedule.show_schedule, name="schedule"),
    path("<object:declaration>/board/move/", move_card, name="board_move"),
    path("<object:declaration>/new/", form.create, name="new"),
    path("<object:declaration>/asked/", asked.asked, name="asked"),
    path("<object:declaration>/quick/", quick.quick, name="quick"),
    path("<object:declaration>/similar/", similar.similar, name="similar"),
    path("<object:declaration>/duplicates/", duplicates.show_queue, name="duplicates"),
    path("<object:declaration>/duplicates/sweep/", duplicates.start_sweep, name="sweep"),
    path(
        "<object:declaration>/duplicates/<uuid:pair_id>/", duplicates.decide_pair, name="duplicate"
    ),
    path("<object:declaration>/fix/", fixing.fix, name="fix"),
    path("<object:declaration>/merge/", merging.merge_chosen, name="merge"),
    path("<object:declaration>/trash/", trash.trash, name="trash"),
    path("<object:declaration>/trash/restore/", trash.restore, name="restore"),
    path("<object:declaration>/<uuid:record_id>/", page.show_record, name="record"),
    path("<object:declaration>/<uuid:record_id>/edit/", form.edit, name="edit"),
    path("<object:declaration>/<uuid:record_id>/trash/", page.trash_record, name="trash_record"),
    path(
        "<object:declaration>/<uuid:record_id>/history/",
        history.record_history,
        name="record_history",
    ),
    path("<object:declaration>/<uuid:record_id>/forget/", forgetting.forget_record, name="forget"),
    path("<object:declaration>/<uuid:record_id>/cells/<slug:name>/", cells.cell, name="cell"),
    path("<object:declaration>/<uuid:record_id>/why/<slug:name>/", why.why, name="why"),
    path(
        "<object:declaration>/<uuid:record_id>/access/",
        explaining.show_access,
        name="record_access",
    ),
    path("<object:declaration>/<uuid:record_id>/actions/<slug:name>/", acting.act, name="action"),
    path("<object:declaration>/<uuid:record_id>/sharing/", sharing.share_record, name="sharing"),
    path(
        "<object:declaration>/<uuid:record_id>/sharing/<uuid:share_id>/withdraw/",
        sharing.withdraw_share,
        name="withdraw_share",
    ),
    path("<object:declaration>/<uuid:record_id>/here/", live.be_here, name="here"),
    path(
        "<object:declaration>/<uuid:record_id>/panels/<slug:name>/", page.show_panel, name="panel"
    ),
]
