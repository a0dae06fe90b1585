"""AdventureWorks: the tables of Microsoft's sample database and of its exercises, as they stand for
many an old database that is exported table by table."""

from rapport.records.imports.mapping.profiles.profile import LEAVE, Profile, marks

ADVENTURE_WORKS = Profile(
    name="AdventureWorks",
    marks=(
        marks("BusinessEntityID", "ModifiedDate"),
        marks("CustomerID", "FirstName", "LastName", "EmailAddress"),
        marks("CustomerID", "PersonID", "StoreID"),
        marks("AddressID", "AddressLine1", "City"),
    ),
    fields={
        "BusinessEntityID": "external_id",
        "CustomerID": "external_id",
        "Name": "name",
        "FirstName": "first_name",
        "LastName": "last_name",
        "EmailAddress": "emails",
        "PhoneNumber": "phones",
        "JobTitle": "job_title",
        "AccountNumber": "number",
        "StoreID": "company",
        "PurchasingWebServiceURL": "website",
        "AddressLine1": "address.street",
        "AddressLine2": "address.street",
        "City": "address.city",
        "PostalCode": "address.postal_code",
        "Demographics": LEAVE,
        "PersonID": LEAVE,
        "CreditRating": LEAVE,
        "HireDate": LEAVE,
        "OrganizationLevel": LEAVE,
    },
)

ORDERS = Profile(
    name="AdventureWorks",
    marks=(
        marks("SalesOrderNumber", "SalesOrderLineNumber"),
        marks("SalesOrderID", "LineItem", "LineItemTotal"),
    ),
    fields={
        "SalesOrderNumber": "number",
        "SalesOrderID": "external_id",
        "OrderDate": "day",
        "CustomerID": "person",
        "CustomerName": "person",
        "EmailAddress": "person.emails",
        "Item": "lines.product",
        "ProductID": "lines.product",
        "Quantity": "lines.quantity",
        "OrderQty": "lines.quantity",
        "UnitPrice": "lines.price",
        "TaxAmount": "lines.tax_amount",
        "LineItemTotal": "lines.amount",
        "SalesOrderLineNumber": LEAVE,
        "LineItem": LEAVE,
    },
)
"""A row for each line of an order, as the exercises have them."""

TERRITORIES = Profile(
    name="AdventureWorks",
    marks=(marks("TerritoryID", "CountryRegionCode", "Group"),),
    fields={
        "TerritoryID": "external_id",
        "Name": "name",
        "CountryRegionCode": "country",
        "Group": "region",
        "SalesYTD": LEAVE,
        "SalesLastYear": LEAVE,
        "CostYTD": LEAVE,
        "CostLastYear": LEAVE,
    },
)
"""Parts of the market; what was sold there is worked out from orders."""

WHO_WORKS_WHERE = Profile(
    name="AdventureWorks",
    marks=(marks("BusinessEntityID", "PersonID", "ContactTypeID"),),
    fields={"BusinessEntityID": "company", "PersonID": "external_id", "ContactTypeID": LEAVE},
)
"""The table that joins people to the stores and vendors they work for."""
