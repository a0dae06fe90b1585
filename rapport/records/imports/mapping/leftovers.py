"""Columns that programs keep for themselves: left out, and said why."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.records.imports.mapping.headings import Heading

COPYING = _("The program that copied the data keeps this for itself.")
BOOKKEEPING = _("The other system keeps this for itself.")
FOREIGN_USER = _("This is a user's key in the other system; it names nobody here.")
COMPUTED = _("The other system works this out by itself.")
SPOKEN = _("This only repeats another column in other words.")

COPIERS = ("_fivetran", "_airbyte", "_sdc_", "_dlt_", "_hevo", "_stitch", "__v_", "_etl")

NAMES_BY_REASON: tuple[tuple[Promise, str], ...] = (
    (
        BOOKKEEPING,
        """
        isdeleted masterrecordid systemmodstamp lastmodifiedbyid lastmodifieddate lastmodifiedby
        createdbyid createdby lastvieweddate lastreferenceddate lastactivitydate lastactivity
        recordtypeid photourl jigsawcontactid jigsaw jigsawcompanyid individualid cleanstatus
        dunscompanyid portalid modifieddate modified modifiedon modifiedat updated updatedat
        updatedon lastmodified updatetime dateupdated dateupdate rowguid rowversion rowid etag
        rev deleted archived lastcurequestdate lastcuupdatedate isunreadbyowner
        isexcludedfromterritory2filter directoryserver mileage sensitivity photo objecttypeid
        addressid addresstypeid emailaddressid phonenumbertypeid stateprovinceid territoryid
        contacttypeid isprimary displayorder
        """,
    ),
    (
        FOREIGN_USER,
        """
        ownerid hubspotownerid assignedtoid salespersonid loginid owneridc hubspotteamid
        allownerids allteamids managerid userroleid
        """,
    ),
    (
        COMPUTED,
        """
        fiscal fiscalyear fiscalquarter forecastcategory forecastcategoryname
        hasopportunitylineitem hasopenactivity hasoverduetask iswon expectedrevenue
        isemailbounced emailbounceddate emailbouncedreason geocodeaccuracy calculatedmergedvids
        pushcount hightaskcount
        """,
    ),
    (
        SPOKEN,
        """
        emaildisplayname email2displayname email3displayname
        """,
    ),
)
NAMES = {name: reason for reason, names in NAMES_BY_REASON for name in names.split()}
ENDS: tuple[tuple[str, Promise], ...] = (
    ("geocodeaccuracy", COMPUTED),
    ("displayname", SPOKEN),
    ("anzeigename", SPOKEN),
    ("photourl", BOOKKEEPING),
)
SPOKEN_NAMES = ("displayname", "anzeigename")


def why_left_out(heading: Heading) -> str:
    """The reason why this column is no data of its user, else empty."""
    low = heading.text.strip().lower()
    if low.startswith(COPIERS):
        return str(COPYING)
    if reason := NAMES.get(heading.key):
        return str(reason)
    for end, why in ENDS:
        if heading.stem.endswith(end) and heading.stem not in SPOKEN_NAMES:
            return str(why)
    return ""
