from django.urls import path

from centrum.cases import service_views, views

app_name = "cases"
urlpatterns = [
    path("sprawy/", views.case_list, name="list"),
    path("sprawy/nowa/osoba/<uuid:public_id>/", views.open_for_person, name="open-for-person"),
    path("sprawy/nowa/organizacja/<uuid:public_id>/", views.open_for_organisation, name="open-for-organisation"),
    path("sprawy/<uuid:public_id>/", views.case_page, name="case"),
    path("sprawy/<uuid:public_id>/krok/<slug:action>/", views.move_case, name="move"),
    path("sprawy/<uuid:public_id>/zamkniecie/<slug:action>/", views.close_case, name="close"),
    path("sprawy/<uuid:public_id>/diagnoza/", views.edit_diagnosis, name="diagnosis"),
    path("sprawy/<uuid:public_id>/plan/", views.edit_plan, name="plan"),
    path("sprawy/<uuid:public_id>/doradca/", views.change_adviser, name="adviser"),
    path("sprawy/<uuid:public_id>/uczestnicy/", views.add_participant, name="participant-add"),
    path("sprawy/<uuid:public_id>/usluga/", service_views.new_service, name="service-new"),
    path("uslugi/", service_views.service_list, name="services"),
    path("uslugi/zatwierdzenie/", service_views.approve_services, name="services-approve"),
    path("uslugi/<uuid:public_id>/", service_views.service_page, name="service"),
    path("uslugi/<uuid:public_id>/zmiana/", service_views.edit_service, name="service-edit"),
    path("uslugi/<uuid:public_id>/krok/<slug:action>/", service_views.move_service, name="service-move"),
    path("uslugi/<uuid:public_id>/link/", service_views.send_link, name="service-link"),
    path("uslugi/<uuid:public_id>/karta.pdf", service_views.service_card, name="service-card"),
]
