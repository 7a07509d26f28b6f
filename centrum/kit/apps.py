from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "centrum.kit"
    label = "kit"
    verbose_name = "Kit"
