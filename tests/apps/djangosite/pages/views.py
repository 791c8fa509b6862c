from django.core.urlresolvers import reverse
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render_to_response
from django.template import RequestContext, loader

from google.appengine.api import users

from pages.forms import EventForm
from pages.models import Event, calendar_key

TEXTS = {
    'about': 'Our village has 812 inhabitants and one pub.',
    'pub': 'Open every day but Monday.',
}


def respond(request, template, params):
    """Renders a template with what every page needs."""
    params['request'] = request
    params['is_admin'] = users.is_current_user_admin()
    return render_to_response(template, params, context_instance=RequestContext(request))


def home(request):
    links = [(name, reverse('page', kwargs={'name': name})) for name in sorted(TEXTS)]
    return respond(request, 'home.html', {'links': links})


def page(request, name):
    try:
        text = TEXTS[name]
    except KeyError, err:
        raise Http404('no page %s' % err)
    return respond(request, 'page.html', {'name': name, 'text': text})


def events(request):
    found = Event.all().ancestor(calendar_key()).order('day').fetch(50)
    return respond(request, 'events.html', {'events': found, 'form': EventForm()})


def add_event(request):
    form = EventForm(request.POST or None)
    if not form.is_valid():
        return respond(request, 'events.html', {'events': [], 'form': form})
    event = Event(parent=calendar_key(), title=form.cleaned_data['title'],
                  place=form.cleaned_data['place'], day=form.cleaned_data['day'])
    event.put()
    return HttpResponseRedirect('/events/')


def not_found(request):
    t = loader.get_template('404.html')
    return HttpResponse(t.render(RequestContext(request, {'path': request.path})), status=404)


def server_error(request):
    return HttpResponse('Something broke, we are sorry.', status=500)
