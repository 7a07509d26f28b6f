from django.apps import AppConfig


class SampleKindConfig(AppConfig):
    name = "tests.sample_kind"
    label = "sample_kind"

    def ready(self):
        from centrum.intake import kinds
        from tests.sample_kind.kind import OPEN_DAY, VISIT

        kinds.register(VISIT, OPEN_DAY)
