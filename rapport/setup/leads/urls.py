"""Addresses of what administrators say about leads and working hours."""

from django.urls import path

from rapport.setup.leads import assessment, hours, views, web_forms

urlpatterns = [
    path("setup/leads/", views.rules, name="setup_leads"),
    path("setup/leads/new/", views.new, name="setup_lead_rule_new"),
    path("setup/leads/answers/", views.answers, name="setup_lead_answers"),
    path("setup/leads/questions/", assessment.questions, name="setup_lead_questions"),
    path("setup/leads/questions/new/", assessment.new, name="setup_lead_question_new"),
    path(
        "setup/leads/questions/<uuid:question_id>/", assessment.question, name="setup_lead_question"
    ),
    path("setup/leads/try/", views.try_out, name="setup_lead_try"),
    path("setup/leads/<uuid:rule_id>/", views.rule, name="setup_lead_rule"),
    path("setup/leads/<uuid:rule_id>/move/", views.move, name="setup_lead_rule_move"),
    path("setup/leads/<uuid:rule_id>/remove/", views.remove, name="setup_lead_rule_remove"),
    path("setup/forms/", web_forms.web_forms, name="setup_web_forms"),
    path("setup/forms/new/", web_forms.new_web_form, name="setup_web_form_new"),
    path("setup/forms/<uuid:form_id>/", web_forms.web_form, name="setup_web_form"),
    path(
        "setup/forms/<uuid:form_id>/remove/",
        web_forms.remove_web_form,
        name="setup_web_form_remove",
    ),
    path(
        "setup/forms/<uuid:form_id>/secret/", web_forms.renew_secret, name="setup_web_form_secret"
    ),
    path("setup/forms/<uuid:form_id>/sent/", web_forms.submissions, name="setup_submissions"),
    path("setup/hours/", hours.hours, name="setup_hours"),
    path("setup/hours/absences/", hours.absences, name="setup_absences"),
    path("setup/hours/<uuid:absence_id>/remove/", hours.remove, name="setup_absence_remove"),
]
