"""A site that shows every component, for the browser tests: no database, answers from memory."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import ensure_csrf_cookie

from rapport.ui import toasts

PEOPLE = [
    ("p1", "Katharina Vogl", "Head of Operations", "Stadtwerke Lindau"),
    ("p2", "Thiago Antunes", "Gerente de Produção", "Vinícola Serra Azul"),
    ("p3", "田中 美咲", "品質保証部 課長", "Hokuriku Dairy KK"),
    ("p4", "Élodie Lacroix", "Directrice technique", "Papeterie Lacroix"),
    ("p5", "ليلى الحداد", "Procurement Lead", "Al Noor Desalination"),
    ("p6", "한지우", "연구개발 팀장", "Hanseong Biotech"),
]
WEEKS = [
    (1, 1),
    (0, 1),
    (2, 1),
    (0, 0),
    (1, 2),
    (3, 2),
    (0, 1),
    (1, 1),
    (2, 0),
    (0, 1),
    (3, 2),
    (2, 1),
]


@dataclass
class Memory:
    """What the site was told; a test reads it and resets it."""

    steps: dict[str, str] = field(default_factory=dict)
    moves: list[dict[str, str]] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refuse: int = 0
    signed_out: bool = False


memory = Memory()


class PersonForm(forms.Form):
    """One field of each look."""

    name = forms.CharField(label="Full name")
    email = forms.EmailField(label="Email", help_text="Work address")
    stage = forms.ChoiceField(label="Stage", choices=[("a", "Lead"), ("b", "Customer")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    password = forms.CharField(label="Password", required=False, widget=forms.PasswordInput)
    news = forms.BooleanField(label="May get the newsletter", required=False)
    channel = forms.ChoiceField(
        label="Prefers",
        choices=[("m", "Mail"), ("p", "Phone")],
        widget=forms.RadioSelect,
        initial="m",
    )
    file = forms.FileField(label="File", required=False)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the app shell asks of its surroundings (a context processor)."""
    here = request.path

    def item(label: str, url: str, icon: str, **more: Any) -> dict[str, Any]:
        return {"label": label, "url": url, "icon": icon, "current": url == here, **more}

    request.principal = SimpleNamespace(name="Ida Brandt", user_id="u1")  # type: ignore[attr-defined]
    request.workspace = SimpleNamespace(name="Nordwind")  # type: ignore[attr-defined]
    daily = [
        item("Today", "/", "home", count=4, hot=True),
        item("Tasks", "/form/", "task", count=12, go="t"),
    ]
    relations = [
        item("People", "/people/", "user", count="2,318", go="p"),
        item("Deals", "/deals/", "deal", count=54, go="d"),
    ]
    return {
        "nav": [{"label": "", "items": daily}, {"label": "Relationships", "items": relations}],
        "tabs": [daily[0], relations[0], relations[1], daily[1]],
        "create_url": "/dialog/",
    }


@ensure_csrf_cookie
def people(request: HttpRequest) -> HttpResponse:
    """The list."""
    if memory.signed_out:
        return HttpResponseRedirect("/login/")
    rows = [
        {
            "id": key,
            "name": name,
            "title": title,
            "company": company,
            "step": memory.steps.get(key, "Call"),
        }
        for key, name, title, company in PEOPLE
    ]
    return render(request, "showcase/people.html", {"rows": rows, "weeks": WEEKS})


def step(request: HttpRequest, key: str) -> HttpResponse:
    """Edit one person's next step in place."""
    if memory.signed_out:
        return _turned_away(request)
    if refused := _refused():
        return refused
    text = request.POST.get("step", memory.steps.get(key, "Call"))
    context = {"row": {"id": key, "step": text}, "error": ""}
    if request.method != "POST":
        return render(request, "showcase/step_edit.html", context)
    if text == "wrong":
        context["error"] = "That is not a step. Try “Call”."
        return render(request, "showcase/step_edit.html", context, status=422)
    memory.steps[key] = text
    response = render(request, "showcase/step.html", context)
    toasts.toast(response, "Next step saved", undo_url=f"/undo/{key}/")
    return response


def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take a change back."""
    memory.undone.append(key)
    response = HttpResponse(status=204)
    toasts.toast(response, "Taken back")
    return response


def deals(request: HttpRequest) -> HttpResponse:
    """The board."""
    lanes = [
        {"key": "new", "name": "New", "cards": ["d1", "d2", "d3"]},
        {"key": "offer", "name": "Offer", "cards": ["d4"]},
        {"key": "signing", "name": "Signing", "cards": []},
    ]
    return render(request, "showcase/deals.html", {"lanes": lanes, "weeks": WEEKS})


def move(request: HttpRequest) -> HttpResponse:
    """Move a card."""
    if refused := _refused():
        return refused
    memory.moves.append(request.POST.dict())
    context = {"card": request.POST["record"], "version": 2, "weeks": WEEKS}
    response = render(request, "showcase/card.html", context)
    toasts.toast(response, f"Moved to {request.POST['column']}", undo_url="/undo/move/")
    return response


def person_form(request: HttpRequest) -> HttpResponse:
    """A whole-page form."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        memory.notes.append(form.cleaned_data["note"])
        toasts.toast_after_redirect(request, "Saved", undo_url="/undo/form/")
        return HttpResponseRedirect("/people/")
    return render(request, "showcase/form.html", {"form": form})


def dialog(request: HttpRequest) -> HttpResponse:
    """A form in the dialog."""
    form = PersonForm(request.POST or None)
    if request.method != "POST":
        return render(request, "showcase/dialog.html", {"form": form, "dialog_action": "/dialog/"})
    if memory.signed_out:
        return _turned_away(request)
    if not form.is_valid():
        context = {"form": form, "dialog_action": "/dialog/"}
        return render(request, "showcase/dialog.html", context, status=422)
    memory.notes.append(form.cleaned_data["note"])
    response = HttpResponse()
    toasts.close_dialog(response)
    toasts.toast(response, "Person made")
    return response


def palette(request: HttpRequest) -> HttpResponse:
    """Search results."""
    query = request.GET["q"].lower()
    found = [person for person in PEOPLE if query in person[1].lower()]
    return render(request, "showcase/palette.html", {"found": found, "weeks": WEEKS})


def companies(request: HttpRequest) -> HttpResponse:
    """Options of a picker."""
    query = request.GET["q"].lower()
    found = [person for person in PEOPLE if query in person[3].lower()]
    return render(request, "showcase/options.html", {"found": found})


def record(request: HttpRequest) -> HttpResponse:
    """A record page's frame."""
    return render(request, "showcase/record.html", {"weeks": WEEKS})


def login(request: HttpRequest) -> HttpResponse:
    """A plain page."""
    return render(request, "showcase/login.html", {"form": PersonForm()})


def broken(request: HttpRequest) -> HttpResponse:
    """Raise what nobody expected."""
    raise RuntimeError("broken on purpose")


def forbidden(request: HttpRequest) -> HttpResponse:
    """Refuse with a reason."""
    raise PermissionDenied("Only owners may do this.")


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the server is there."""
    return HttpResponse("ok")


def _refused() -> HttpResponse | None:
    if not memory.refuse:
        return None
    return HttpResponse("Ida Brandt moved this deal a minute ago.", status=memory.refuse)


def _turned_away(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(status=401)
    query = urlencode({"next": request.headers.get("HX-Current-URL", "/")})
    response.headers["Rapport-Sign-In"] = f"/login/?{query}"
    return response


urlpatterns = [
    path("", people),
    path("people/", people),
    path("people/<str:key>/step/", step),
    path("undo/<str:key>/", undo),
    path("deals/", deals),
    path("deals/move/", move),
    path("form/", person_form),
    path("dialog/", dialog),
    path("palette/", palette),
    path("companies/", companies),
    path("record/", record),
    path("login/", login),
    path("broken/", broken),
    path("forbidden/", forbidden),
    path("healthz", healthz),
]
