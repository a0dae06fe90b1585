"""Calendar files, whose columns have the names of their properties."""

from rapport.records.imports.mapping.profiles.profile import Profile, marks

ICALENDAR = Profile(
    name="iCalendar",
    marks=(marks("UID", "DTSTART", "RRULE"),),
    fields={
        "UID": "external_id",
        "SUMMARY": "subject,title,name",
        "DTSTART": "start,due,at",
        "DTEND": "end",
        "RRULE": "repeats",
        "LOCATION": "place",
        "STATUS": "status",
        "ATTENDEE": "attendees",
        "DESCRIPTION": "notes,description",
    },
    only_known=True,
)
