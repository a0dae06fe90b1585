"""Addresses of every declared object; included at the root, after all fixed addresses."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from rapport.records.surfaces.board import views as board
from rapport.records.surfaces.listing import views as listing
from rapport.records.surfaces.listing.bulk import bulk
from rapport.records.surfaces.routing import ObjectConverter
from rapport.records.surfaces.search import views as search

register_converter(ObjectConverter, "object")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.records.surfaces.api.urls")),
    path("search/", search.search, name="search"),
    path("palette/", search.palette, name="palette"),
    path("<object:declaration>/", listing.show_list, name="list"),
    path("<object:declaration>/filter/", listing.filter_form, name="filter"),
    path("<object:declaration>/columns/", listing.choose_columns, name="columns"),
    path("<object:declaration>/bulk/", bulk, name="bulk"),
    path("<object:declaration>/board/", board.show_board, name="board"),
    path("<object:declaration>/board/move/", board.move_card, name="board_move"),
]
