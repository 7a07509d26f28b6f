"""Kinds of services: which there are, and what SM EFS calls them."""

from django import forms
from django.contrib import admin

from centrum.cases.models import ServiceType
from centrum.kit.admin import VersionedAdmin
from centrum.reporting.enums import DictionaryField
from centrum.reporting.queries import choices


class ServiceTypeForm(forms.ModelForm):
    """The codes of SM EFS are chosen from the dictionaries valid today; one used before stays."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, dictionary in (
            ("support_scope", DictionaryField.SUPPORT_SCOPE),
            ("support_kind", DictionaryField.SUPPORT_KIND),
            ("support_kind_detail", DictionaryField.SUPPORT_KIND_DETAIL),
        ):
            if name not in self.fields:  # read only
                continue
            model_field = ServiceType._meta.get_field(name)
            known = choices(dictionary)
            used = getattr(self.instance, name)
            if used and used not in dict(known):
                known.append((used, used))
            self.fields[name] = forms.ChoiceField(
                label=model_field.verbose_name, required=not model_field.blank, choices=[("", "–"), *known]
            )


@admin.register(ServiceType)
class ServiceTypeAdmin(VersionedAdmin):
    form = ServiceTypeForm
    list_display = ("code", "group", "label", "support_kind", "support_kind_detail", "valid_from", "valid_to")
    list_filter = ("group",)
    search_fields = ("code", "label", "label_en")

    def is_settled(self, row):
        return row.services.exists()  # it stands on cards
