from django.urls import path

from centrum.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("kontakt/", views.contact, name="contact"),
    path("prywatnosc/", views.privacy, name="privacy"),
    path("dostepnosc/", views.accessibility, name="accessibility"),
    path("mapa-strony/", views.site_map, name="site-map"),
    path("robots.txt", views.robots, name="robots"),
]
