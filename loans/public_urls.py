from django.urls import path

from loans import public_views
from loans.guarantees.public_views import offer

app_name = "lending"
urlpatterns = [
    path("poreczenia/", offer, name="guarantees"),
    path("kalkulator/", public_views.calculator_page, name="calculator"),
    path("kalkulator/wniosek/", public_views.apply, name="apply"),
    path("kalkulator/harmonogram.csv", public_views.calculator_file, name="calculator-file"),
]
