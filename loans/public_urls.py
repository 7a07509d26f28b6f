from django.urls import path

from loans import public_views
from loans.deminimis import calculator_views
from loans.guarantees.public_views import offer

app_name = "lending"
urlpatterns = [
    path("poreczenia/", offer, name="guarantees"),
    path("kalkulator/", public_views.calculator_page, name="calculator"),
    path("kalkulator/pomoc/", calculator_views.calculator, name="aid-calculator"),
    path("kalkulator/wniosek/", public_views.apply, name="apply"),
    path("kalkulator/harmonogram.csv", public_views.calculator_file, name="calculator-file"),
]
