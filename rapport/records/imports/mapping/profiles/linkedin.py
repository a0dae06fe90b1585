"""LinkedIn: Connections.csv of the data archive."""

from rapport.records.imports.mapping.profiles.profile import Profile, marks

LINKEDIN = Profile(
    name="LinkedIn",
    marks=(marks("First Name", "Last Name", "Connected On"), marks("Position", "Connected On")),
    fields={
        "First Name": "first_name",
        "Last Name": "last_name",
        "URL": "linkedin,website",
        "Email Address": "emails",
        "Company": "company,name",
        "Position": "job_title",
        "Connected On": "created_at",
    },
)
