"""What the world calls the standard fields, in the languages most files are written in."""

from __future__ import annotations

from functools import lru_cache

from rapport.records.imports.mapping.headings import key

WORDS: dict[str, str] = {
    "external_id": """
        id, external id, record id, object id, system id, uid, uuid, unique id, source id, legacy
        id, contact id, person id, customer id, client id, member id, user id, lead id, company
        id, account id, organization id, store id, vendor id, deal id, opportunity id, task id,
        activity id, business entity id, rec id, hs object id, salesforce id, hubspot id,
        identifiant, kennung, identificador, id externo, externe id, id externe
    """,
    "name": """
        name, full name, display name, contact name, person name, customer name, client name,
        member name, contact, person, nombre completo, nombre y apellidos, vollständiger name, nom
        complet, nom et prénom, vor und nachname, nome completo, naam, company name, account name,
        organization name, organisation name, business name, store name, trading name, legal name,
        vendor name, supplier name, company, account, organization, organisation, business,
        vendor, supplier, store, customer, client, firma, firmenname, unternehmen, empresa, razón
        social, nombre de la empresa, nombre, cliente, société, raison sociale, entreprise, nom de
        la société, kunde, deal name, deal title, deal, opportunity name, opportunity, negocio,
        oportunidad, nombre del negocio, nombre de la oportunidad, verkaufschance, opportunité,
        title
    """,
    "first_name": """
        first name, given name, forename, fname, first, christian name, vorname, rufname, prénom,
        nombre, nombre de pila, primer nombre, nome, voornaam, given
    """,
    "last_name": """
        last name, family name, surname, lname, last, second name, nachname, familienname, zuname,
        nom, nom de famille, apellido, apellidos, primer apellido, sobrenome, cognome, achternaam
    """,
    "middle_name": """
        middle name, middle names, middle initial, additional name, second given name, weitere
        vornamen, zweiter vorname, deuxième prénom, segundo nombre, segundo apellido, middle,
        tussenvoegsel
    """,
    "salutation": """
        salutation, prefix, name prefix, honorific, honorific prefix, courtesy title, form of
        address, anrede, titel, tratamiento, saludo, título, civilité, titre, namenspräfix,
        préfixe, prefijo, title, mr ms
    """,
    "suffix": """
        suffix, name suffix, honorific suffix, generation, namenszusatz, suffixe, sufijo,
        namenssuffix
    """,
    "job_title": """
        job title, title, position, job, role, job role, occupation, function, job function,
        organization title, work title, business title, designation, stelle, funktion,
        berufsbezeichnung, beruf, poste, fonction, profession, titre du poste, cargo, puesto,
        puesto de trabajo, ocupación, profesión, current position
    """,
    "department": """
        department, dept, division, organization department, team, abteilung, service,
        département, departamento, afdeling
    """,
    "company": """
        company, company name, organization, organisation, organization name, organisation name,
        account, account name, employer, business, business name, firm, customer, client, current
        company, associated company, primary company, primary associated company, company account,
        work company, store, firma, firmenname, unternehmen, arbeitgeber, kunde, empresa,
        compañía, nombre de la empresa, organización, cliente, société, entreprise, organisme,
        azienda, bedrijf, org
    """,
    "website": """
        website, web site, web page, webpage, homepage, home page, url, web, website url, web
        address, site, company website, internet, personal web page, webseite, internetseite,
        sitio web, página web, page web, site web, company url, company web address
    """,
    "domain": """
        company domain name, company domain, domain, domain name, web domain, dominio, domaine
    """,
    "birthday": """
        birthday, birth date, birthdate, date of birth, dob, bday, born, geburtstag, geburtsdatum,
        anniversaire, date de naissance, cumpleaños, fecha de nacimiento
    """,
    "language": """
        language, preferred language, locale, lang, communication language, sprache,
        korrespondenzsprache, langue, idioma, lengua
    """,
    "source": """
        source, lead source, original source, origin, channel, acquisition source, how did you
        hear about us, contact source, account source, deal source, original traffic source,
        analytics source, first referring site, quelle, herkunft, origen, fuente, procedencia,
        provenance
    """,
    "description": """
        description, note, notes, comment, comments, about, about us, bio, biography, remarks,
        details, memo, additional information, message, body, background, beschreibung, notiz,
        notizen, bemerkung, bemerkungen, kommentar, descripción, nota, notas, comentario,
        comentarios, observaciones, remarque, remarques, commentaires, interest
    """,
    "lifecycle": """
        lifecycle, lifecycle stage, lifecycle phase, contact stage, customer stage,
        relationship stage, lebenszyklusphase, etapa del ciclo de vida, phase du cycle de vie
    """,
    "owner": """
        owner, owner name, contact owner, company owner, account owner, deal owner, opportunity
        owner, lead owner, task owner, record owner, assigned to, assignee, assigned user,
        responsible, sales rep, sales representative, sales agent, sales person, account manager,
        account executive, rep, agent, owner email, owner full name, zuständig, verantwortlich,
        besitzer, inhaber, bearbeiter, zugewiesen an, propietario, responsable, asignado a,
        comercial, vendedor, propriétaire, assigné à
    """,
    "tags": """
        tags, tag, labels, categories, category, groups, group membership, keywords, segments,
        kategorien, gruppen, schlagwörter, étiquettes, catégories, etiquetas, categorías, grupos
    """,
    "linkedin": """
        linkedin, linkedin url, linkedin profile, linkedin bio, linkedin profile url, person
        linkedin url, company linkedin url, linkedin page, linkedin company page
    """,
    "created_at": """
        created, created at, created on, created date, create date, createdate, creation date,
        date created, date added, added on, added, connected on, member since, customer since,
        signup date, registered, entered, engage date, open date, person created, organization
        created, deal created, erstellt, erstellt am, angelegt am, creado, fecha de creación,
        creado el, date de création, créé le
    """,
    "industry": """
        industry, sector, branch, branche, industria, ramo, secteur, secteur d'activité, giro
    """,
    "employees": """
        employees, number of employees, num employees, num emp, employee count, headcount, staff,
        company size, team size, employees count, number employees, no of employees, mitarbeiter,
        mitarbeiterzahl, anzahl mitarbeiter, empleados, número de empleados, effectif, nombre
        d'employés
    """,
    "annual_revenue": """
        annual revenue, revenue, turnover, sales, yearly revenue, annual sales, annual turnover,
        umsatz, jahresumsatz, ingresos, ingresos anuales, facturación, chiffre d'affaires, chiffre
        d'affaires annuel
    """,
    "parent": """
        parent, parent company, parent account, parent organization, parent name, subsidiary of,
        part of, holding, mother company, group company, muttergesellschaft, übergeordnete firma,
        mutterkonzern, empresa matriz, matriz, maison mère, société mère
    """,
    "number": """
        number, customer number, account number, client number, customer no, account no, debtor
        number, customer code, kundennummer, kunden nr, debitor, debitorennummer, número de
        cliente, código de cliente, numéro de client, numéro client
    """,
    "amount": """
        amount, value, deal value, deal amount, opportunity amount, close value, price, total,
        total amount, revenue, sum, estimated value, expected revenue, contract value, betrag,
        wert, auftragswert, summe, importe, valor, monto, cantidad, montant, valeur
    """,
    "amount.currency": """
        currency, currency code, currency iso code, deal currency, deal currency code, currency of
        value, währung, moneda, divisa, devise
    """,
    "pipeline": """
        pipeline, deal pipeline, sales pipeline, pipeline name, funnel, embudo, hs pipeline, deal
        pipeline id, pipeline id, process
    """,
    "stage": """
        stage, deal stage, stage name, sales stage, opportunity stage, pipeline stage, phase,
        step, deal stage id, deal pipeline stage id, stage id, verkaufsphase, etapa, fase, etapa
        del negocio, étape, hs pipeline stage
    """,
    "close_date": """
        close date, closed date, closing date, expected close date, expected closing date,
        estimated close date, close, won time, forecast date, abschlussdatum, schließdatum, fecha
        de cierre, fecha cierre, fecha de cierre prevista, date de clôture, date de closing
    """,
    "probability": """
        probability, deal probability, win probability, likelihood, chance, probability percent,
        close probability, wahrscheinlichkeit, abschlusswahrscheinlichkeit, probabilidad,
        probabilité
    """,
    "lost_reason": """
        lost reason, closed lost reason, loss reason, reason lost, reason for loss, why lost,
        verlustgrund, absagegrund, motivo de pérdida, motivo de la pérdida, raison de la perte,
        motif de perte
    """,
    "people": """
        people, contacts, contact, associated contact, associated contacts, contact name, contact
        person, person, primary contact, contact email, contact ids, ansprechpartner, kontakt,
        kontakte, contacto, contactos, personas, persona de contacto, interlocuteur
    """,
    "status": """
        status, state, lead status, task status, activity status, contact status, done, completed,
        is closed, estado, estatus, statut, etat
    """,
    "rating": """
        rating, lead rating, score, temperature, grade, bewertung, calificación, note du lead
    """,
    "subject": """
        subject, task, task name, task subject, task title, title, summary, activity, activity
        subject, to do, name, betreff, aufgabe, thema, asunto, tarea, título, objet, sujet, tâche
    """,
    "due": """
        due, due date, due at, due on, deadline, activity date, due time, due date only, end date,
        timestamp, fällig, fällig am, fälligkeitsdatum, frist, termin, vence, vencimiento, fecha
        de vencimiento, fecha límite, échéance, date d'échéance
    """,
    "priority": """
        priority, task priority, importance, urgency, priorität, dringlichkeit, prioridad,
        priorité
    """,
    "about": """
        about, related to, regarding, who id, what id, who contact email, what account name,
        contact, company, account, deal, associated with, associated record, related record, name,
        bezug, betrifft, relacionado con, concerne
    """,
    "address.street": """
        address, street, street address, address line, street name, postal address, mailing
        address, road, location address, full address, formatted address, strasse, straße,
        anschrift, adresse, rue, voie, calle, dirección, domicilio, endereço, indirizzo, adres
    """,
    "address.city": """
        city, town, locality, suburb, municipality, place, ort, stadt, wohnort, ville, localité,
        ciudad, población, localidad, municipio, cidade, città, plaats
    """,
    "address.region": """
        state, region, province, state region, state province, county, territory, admin area,
        bundesland, bundesland kanton, kanton, département, dép région, état, provincia, región,
        comunidad autónoma, estado, regione, state code
    """,
    "address.postal_code": """
        postal code, postcode, post code, zip, zip code, zip postal code, pincode, plz,
        postleitzahl, code postal, código postal, cp, cap, cep
    """,
    "address.country": """
        country, country region, country name, nation, land, staat, pays, pays région, land
        region, país, pais región, paese, country code, country region code, land code
    """,
    "address.latitude": "latitude, lat, breitengrad, latitud, geo lat",
    "address.longitude": "longitude, lng, lon, long, längengrad, longitud, geo lng, geo lon",
}
"""Field name, as the API has it, to what files call it. A word may stand for several fields; which
one it is depends on what the object has, in the order of this table where it has several."""

ALIASES: dict[str, tuple[str, ...]] = {
    "address.street": ("street",),
    "address.city": ("city",),
    "address.region": ("region",),
    "address.postal_code": ("postal_code",),
    "address.country": ("country",),
    "address.latitude": ("latitude",),
    "address.longitude": ("longitude",),
    "salutation": ("prefix",),
    "amount.currency": ("currency", "annual_revenue.currency"),
    "domain": ("website",),
    "website": ("domain",),
    "name": ("person",),
    "description": ("interest", "notes"),
    "people": ("contacts", "person"),
    "source": ("channel",),
}
"""Other names an object may have given a standard field."""


@lru_cache(maxsize=1)
def meanings() -> dict[str, tuple[str, ...]]:
    """Column name in one piece to the fields it may stand for, the likeliest first."""
    found: dict[str, tuple[str, ...]] = {}
    for field, words in WORDS.items():
        for word in words.split(","):
            one = key(" ".join(word.split()))
            if field not in found.get(one, ()):
                found[one] = (*found.get(one, ()), field)
    return {one: prefer_own(one, fields) for one, fields in found.items()}


FIRST_CHOICE = {
    "title": ("job_title", "subject", "name", "salutation"),
    "contact": ("people", "name", "about"),
    "person": ("people", "name"),
    "contactname": ("people", "name"),
    "nombre": ("first_name", "name"),
    "nom": ("last_name", "name"),
    "company": ("company", "name", "about"),
    "account": ("company", "name", "about"),
    "customer": ("company", "name"),
    "client": ("company", "name"),
    "revenue": ("annual_revenue", "amount"),
    "state": ("address.region", "status"),
    "estado": ("status", "address.region"),
    "landregion": ("address.country",),
    "name": ("name", "subject", "about"),
    "titel": ("salutation", "job_title", "subject"),
    "titre": ("salutation", "job_title"),
    "titulo": ("salutation", "subject"),
    "accountid": ("company", "external_id"),
    "companyid": ("company", "external_id"),
    "storeid": ("external_id",),
}


def prefer_own(one: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The fields in the order fixed for a word that has several meanings; the named ones first."""
    first = FIRST_CHOICE.get(one, ())
    if not first:
        own_company = [field for field in fields if field == "company"]
        return (*own_company, *(field for field in fields if field != "company"))
    return (*first, *(field for field in fields if field not in first))
