from django.urls import path

from loans import views

app_name = "loans"
urlpatterns = [
    path("stopy/", views.rates, name="rates"),
    path("stopy/nowa/", views.rate_new, name="rate-new"),
    path("stopy/<int:pk>/potwierdzenie/", views.rate_confirm, name="rate-confirm"),
    path("stopy/<int:pk>/cofniecie/", views.rate_drop, name="rate-drop"),
    path("stopy/<slug:kind>/sprawdzenie/", views.rate_check, name="rate-check"),
]
