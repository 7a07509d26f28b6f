app_name = "card"
urlpatterns = []
