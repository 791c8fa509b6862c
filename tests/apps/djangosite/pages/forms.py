from django import forms


class EventForm(forms.Form):
    title = forms.CharField(max_length=80)
    place = forms.CharField(max_length=80, required=False)
    day = forms.DateField(help_text='like 2010-05-01')
